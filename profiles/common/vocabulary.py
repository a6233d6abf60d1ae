"""Key groups, events and kinds of bodies: the field's terms, shared by who people are and what is recorded about them.

Sources: State Council General Office 〔2016〕98 (groups), the default catalogue (events).
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """重点人群"""

    STU = "STU", _("Adult student")
    CIV = "CIV", _("Civil servant or public officer")
    MED = "MED", _("Doctor")
    NUR = "NUR", _("Nurse")
    PHA = "PHA", _("Licensed pharmacist")
    LAW = "LAW", _("Lawyer or notary")
    GUI = "GUI", _("Tour guide")
    TEA = "TEA", _("Teacher")
    ACC = "ACC", _("Accountant")
    CPA = "CPA", _("Certified public accountant")
    TAX = "TAX", _("Tax agent")
    FIR = "FIR", _("Registered fire engineer")
    REA = "REA", _("Real-estate agent")
    FIN = "FIN", _("Financial practitioner")
    APP = "APP", _("Appraiser")
    CER = "CER", _("Certification or safety-inspection staff")
    LEG = "LEG", _("Legal representative or manager")
    SOC = "SOC", _("Social worker")


ANY_GROUP = "*"


class Event(TextChoices):
    """For what a person is checked."""

    ACCESS = "access", _("Access (first licence or hiring)")
    REGISTRATION = "registration", _("Registration or renewal")
    ANNUAL_REVIEW = "annual_review", _("Annual review")
    TITLE = "title", _("Title evaluation")
    PROMOTION = "promotion", _("Promotion")
    AWARD = "award", _("Award or scholarship")
    GRADUATION = "graduation", _("Graduation or degree")
    ADMISSION = "admission", _("Admission to further study")
    RECOMMENDATION = "recommendation", _("Recommendation")
    LOAN = "loan", _("Student loan")
    PROJECT = "project", _("Research project")
    EVALUATION = "evaluation", _("Professional evaluation or grade")
    POST = "post", _("Post or management office")
    EXAM = "exam", _("Examination")


class OrganisationKind(TextChoices):
    """What a body is; the catalogue says which kinds may report an item."""

    SCHOOL = "school", _("School or university")
    EXAMINATION_AUTHORITY = "examination_authority", _("Examination authority")
    EDUCATION_AUTHORITY = "education_authority", _("Education authority")
    STUDENT_AID_CENTRE = "student_aid_centre", _("Student aid centre")
    LENDING_BANK = "lending_bank", _("Lending bank")
    CIVIL_SERVICE_AUTHORITY = "civil_service_authority", _("Civil service authority")
    DISCIPLINE_BODY = "discipline_body", _("Discipline and supervision body")
    PERSONNEL_AUTHORITY = "personnel_authority", _("Human resources authority")
    HEALTH_AUTHORITY = "health_authority", _("Health authority")
    HOSPITAL = "hospital", _("Hospital")
    DRUG_AUTHORITY = "drug_authority", _("Drug administration")
    JUSTICE_AUTHORITY = "justice_authority", _("Justice authority")
    LAWYERS_ASSOCIATION = "lawyers_association", _("Lawyers association")
    COURT = "court", _("Court")
    POLICE = "police", _("Police")
    CULTURE_TOURISM_AUTHORITY = "culture_tourism_authority", _("Culture and tourism authority")
    FINANCE_AUTHORITY = "finance_authority", _("Finance authority")
    CPA_ASSOCIATION = "cpa_association", _("Institute of certified public accountants")
    TAX_AUTHORITY = "tax_authority", _("Tax authority")
    TAX_AGENTS_ASSOCIATION = "tax_agents_association", _("Tax agents association")
    FIRE_AUTHORITY = "fire_authority", _("Fire authority")
    HOUSING_AUTHORITY = "housing_authority", _("Housing authority")
    NATURAL_RESOURCES_AUTHORITY = "natural_resources_authority", _("Natural resources authority")
    FINANCIAL_REGULATOR = "financial_regulator", _("Financial regulator")
    MARKET_REGULATOR = "market_regulator", _("Market regulator")
    CERTIFICATION_ASSOCIATION = "certification_association", _("Certification association")
    EMERGENCY_AUTHORITY = "emergency_authority", _("Emergency management authority")
    STATISTICS_AUTHORITY = "statistics_authority", _("Statistics authority")
    SCIENCE_AUTHORITY = "science_authority", _("Science and technology authority")
    DEFENCE_MOBILISATION = "defence_mobilisation", _("Defence mobilisation authority")
    CIVIL_AFFAIRS_AUTHORITY = "civil_affairs_authority", _("Civil affairs authority")
    INDUSTRY_ASSOCIATION = "industry_association", _("Industry association")
    EMPLOYER = "employer", _("Employer")
    CREDIT_OFFICE = "credit_office", _("Credit office")
