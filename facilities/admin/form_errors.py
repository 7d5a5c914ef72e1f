"""The errors of a form as sentences, for pages that show all of them above the form."""

from django import forms


def error_sentences(form: forms.Form) -> list[str]:
    sentences = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else None
        sentences += [f"{label}: {error}" if label else str(error) for error in errors]
    return sentences
