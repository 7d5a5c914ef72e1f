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
CDC_RESPONSE = Citation(
    "Centers for Disease Control and Prevention, What to do in an overdose",
    "https://www.cdc.gov/stop-overdose/response/index.html",
)
CDC_MEDETOMIDINE = Citation(
    "Centers for Disease Control and Prevention, MMWR 74(15) on withdrawal after fentanyl mixed "
    "with medetomidine (2025)",
    "https://www.cdc.gov/mmwr/volumes/74/wr/mm7415a2.htm",
)
EMERGENCY_PHYSICIANS = Citation(
    "American College of Emergency Physicians, Consensus Recommendations on the Treatment of "
    "Opioid Use Disorder in the Emergency Department (2021)",
)
THREE_DAYS = Citation(
    "Code of Federal Regulations, 21 CFR 1306.07(b) (Drug Enforcement Administration, 2023)",
    "https://www.ecfr.gov/current/title-21/section-1306.07",
)
MEDLINE_ALCOHOL = Citation(
    "MedlinePlus, Alcohol withdrawal", "https://medlineplus.gov/ency/article/000764.htm"
)
ASAM_HIGH_POTENCY = Citation(
    "American Society of Addiction Medicine, Clinical Considerations: Buprenorphine Treatment for "
    "Individuals Using High-potency Synthetic Opioids (2023)",
    "https://doi.org/10.1097/ADM.0000000000001202",
)
FENTANYL_IN_OTHERS = Citation("California Department of Public Health, Signs of Overdose")
PEDIATRICIANS = Citation(
    "American Academy of Pediatrics, policy statement in Pediatrics 138(3) (2016)",
    "https://doi.org/10.1542/peds.2016-1893",
)
SUPPORT_SYSTEM = Citation(
    "Providers Clinical Support System, on buprenorphine from age 16", "https://pcssnow.org"
)
MINORS_CONSENT = Citation(
    "Kerwin and others, on who must agree to the treatment of minors, state by state",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4393016/",
)
PATIENT_PRIVACY = Citation(
    "Code of Federal Regulations, 42 CFR Part 2", "https://www.ecfr.gov/current/title-42/part-2"
)
