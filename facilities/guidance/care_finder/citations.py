"""The published texts that the rules rest on, by their official names."""

from ...rules.citations import Citation

SAMHSA_DETOX = Citation(
    "SAMHSA, Treatment Improvement Protocol 45: Detoxification and Substance Abuse Treatment "
    "(2006, revised 2015)",
    "https://www.ncbi.nlm.nih.gov/books/NBK64115/",
)
SAMHSA_MEDICATIONS = Citation(
    "SAMHSA, Treatment Improvement Protocol 63: Medications for Opioid Use Disorder (2021)",
    "https://www.ncbi.nlm.nih.gov/books/NBK535268/",
)
ASAM_OPIOIDS = Citation(
    "American Society of Addiction Medicine, National Practice Guideline for the Treatment of "
    "Opioid Use Disorder: 2020 Focused Update",
    "https://doi.org/10.1097/ADM.0000000000000633",
)
ASAM_ALCOHOL = Citation(
    "American Society of Addiction Medicine, Clinical Practice Guideline on Alcohol Withdrawal "
    "Management (2020)",
    "https://doi.org/10.1097/ADM.0000000000000668",
)
ALCOHOL_MEDICATION = Citation(
    "SAMHSA and NIAAA, Medication for the Treatment of Alcohol Use Disorder: A Brief Guide (2015)"
)
ASAM_STIMULANTS = Citation(
    "American Society of Addiction Medicine and American Academy of Addiction Psychiatry, "
    "Clinical Practice Guideline on the Management of Stimulant Use Disorder (2023)",
    "https://doi.org/10.1097/ADM.0000000000001299",
)
FDA_BENZODIAZEPINES = Citation(
    "U.S. Food and Drug Administration, Drug Safety Communication on benzodiazepines "
    "(September 23, 2020)",
    "https://www.fda.gov/drugs/drug-safety-and-availability/"
    "fda-requiring-boxed-warning-updated-improve-safe-use-benzodiazepine-drug-class",
)
FDA_NOT_WITHHELD = Citation(
    "U.S. Food and Drug Administration, Drug Safety Communication on withholding opioid addiction "
    "medications (September 20, 2017)",
    "https://www.fda.gov/Drugs/DrugSafety/ucm575307.htm",
)
ACOG_PREGNANCY = Citation(
    "American College of Obstetricians and Gynecologists, with the American Society of Addiction "
    "Medicine, Committee Opinion 711 (2017)",
    "https://www.acog.org/clinical/clinical-guidance/committee-opinion/articles/2017/08/"
    "opioid-use-and-opioid-use-disorder-in-pregnancy",
)
JUSTICE_ADA = Citation(
    "U.S. Department of Justice, The Americans with Disabilities Act and the Opioid Crisis "
    "(April 2022)",
    "https://www.ada.gov/resources/opioid-use-disorder/",
)
LIFELINE = Citation("988 Suicide & Crisis Lifeline", "https://988lifeline.org")
