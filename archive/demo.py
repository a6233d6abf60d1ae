"""A small world to try the product in: four bodies, an account for each role, a dozen fictional people, a few facts.

Everything is made by the product's own actions, so the trail, the notices and the register are those of real use. All names and
numbers are invented; the bodies' codes begin with the division 990000, which does not exist.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from dateutil.relativedelta import relativedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from archive.catalogue.models import Jurisdiction
from archive.common.documents import render_pdf
from archive.intake import actions as intake
from archive.intake.models import Batch
from archive.records import actions as records
from archive.records.models import Entry
from archive.vetoes import actions as vetoes
from archive.vetoes.models import RuleVersion
from profiles.accounts.founding import Founder
from profiles.accounts.models import Account, RoleGrant
from profiles.accounts.permissions import Role
from profiles.common import identity
from profiles.common.permissions import Permission, System
from profiles.common.vocabulary import Event, Group, OrganisationKind
from profiles.organisations.actions import give_competence, save_organisation
from profiles.organisations.models import Competence, Organisation
from profiles.people.actions import NewPerson, enrol, open_archives

PASSWORD = "demo-archive-2026"  # noqa: S105  published on purpose, in demo worlds only
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
SCHOOL, EDUCATION, CREDIT, JUSTICE = (
    "12990000400000001T",
    "119900004000000021",
    "119900004000000034",
    "119900004000000047",
)
RULE_PAPER = (
    '<html lang="zh-Hans"><title>示教规〔2026〕1号（演示）</title>'
    "<h1>示教规〔2026〕1号（演示）</h1><p>虚构文件，仅供演示。</p></html>"
)
ACCOUNTS: list[tuple[Role, str, str, str]] = [
    (Role.CLERK, "clerk", "示例·学院经办人", SCHOOL),
    (Role.APPROVER, "approver", "示例·学院复核人", SCHOOL),
    (Role.EXAMINER, "examiner", "示例·教育局审查员", EDUCATION),
    (Role.EXAMINER, "examiner2", "示例·教育局复核审查员", EDUCATION),
    (Role.CREDIT_OFFICER, "credit", "示例·信用办专员", CREDIT),
    (Role.CREDIT_OFFICER, "credit2", "示例·信用办复核", CREDIT),
    (Role.AUDITOR, "auditor", "示例·审计员", CREDIT),
    (Role.SYSTEM_ADMIN, "sysadmin", "示例·系统管理员", CREDIT),
    (Role.SECURITY_ADMIN, "secadmin", "示例·安全管理员", CREDIT),
    (Role.EDITOR, "editor", "示例·栏目编辑", CREDIT),
]
PERSON = ("person", "林小满", "110105200405120027")
# Applicants for teacher access (they also stand in the sample list): name, number.
APPLICANTS = [
    ("周怡", "310107199301029442"),
    ("钱晴", "120103199102259252"),
    ("孔佳", "360426199102249279"),
    ("吴欣恩", "510221199005199666"),
    ("赵晨", "120103200207139025"),
    ("诸葛舟", "139001199902129415"),
    ("司马沛怡", "11010520021004903X"),
    ("尤博蔚", "440308199805299469"),
    ("卫晨欣", "420106199003069517"),
    ("许之言", "500154200012299513"),
    ("秦达凯", "440524200004129140"),
    ("陈然安", "419001199202069631"),
]


def exists() -> bool:
    return Organisation.objects.filter(code=SCHOOL).exists()


@transaction.atomic
def create(*, say: Callable[[str], None] = lambda line: None) -> None:
    """Make the world once; a second call changes nothing."""
    if exists():
        return
    by = Founder("demo")
    _jurisdiction()
    bodies = _bodies(by)
    say("bodies and competences")
    accounts = _accounts(bodies)
    say("accounts")
    _people(bodies, accounts, by)
    _facts(bodies, accounts)
    say("people and facts")


def _jurisdiction() -> None:
    """A hearing window of no days, so that the thread can be walked in minutes; all else is national."""
    Jurisdiction.objects.update_or_create(
        code="demo",
        defaults={
            "name_zh": "演示辖区",
            "name_en": "Demonstration",
            "complete": True,
            "note_zh": "仅供演示：陈述申辩期为零日。",
            "note_en": "For demonstration only: the hearing window has no days.",
            "settings": {
                key: {"value": 0, "mark": "D", "source_zh": "演示设置", "source_en": "demonstration setting"}
                for key in ("hearing_working_days", "decision_statement_working_days")
            },
        },
    )


def _bodies(by: System) -> dict[str, Organisation]:
    contact = "示范路1号，电话 000-0000000（虚构）"
    wanted = [
        (CREDIT, "示范市信用办（演示）", OrganisationKind.CREDIT_OFFICE),
        (SCHOOL, "示范职业技术学院（演示）", OrganisationKind.SCHOOL),
        (EDUCATION, "示范市教育局（演示）", OrganisationKind.EDUCATION_AUTHORITY),
        (JUSTICE, "示范市司法局（演示）", OrganisationKind.JUSTICE_AUTHORITY),
    ]
    bodies = {}
    for code, name, kind in wanted:
        bodies[code] = save_organisation(
            organisation=Organisation(code=code, name=name, kind=kind, jurisdiction="demo", contact=contact), by=by
        )
    start = dt.date(2020, 1, 1)
    give_competence(
        organisation=bodies[SCHOOL],
        role=Competence.Role.REPORT,
        group=Group.STU,
        basis="国办发〔2016〕98号；教育部令第41号第二十条",
        valid_from=start,
        by=by,
    )
    give_competence(
        organisation=bodies[EDUCATION],
        role=Competence.Role.REPORT,
        group=Group.TEA,
        basis="教师资格条例第五条",
        valid_from=start,
        by=by,
    )
    for code, group, events, basis in (
        (
            EDUCATION,
            Group.TEA,
            [Event.ACCESS, Event.REGISTRATION, Event.ANNUAL_REVIEW, Event.TITLE],
            "教师法第十三条；教师资格条例",
        ),
        (JUSTICE, Group.LAW, [Event.ACCESS, Event.REGISTRATION, Event.ANNUAL_REVIEW], "律师法第四条、第六条"),
    ):
        for event in events:
            give_competence(
                organisation=bodies[code],
                role=Competence.Role.CHECK,
                group=group,
                event=event,
                basis=basis,
                valid_from=start,
                by=by,
            )
    give_competence(
        organisation=bodies[EDUCATION],
        role=Competence.Role.CHECK,
        group=Group.TEA,
        event=Event.AWARD,
        basis="评先评优办法（演示）",
        needs_authorisation=True,
        valid_from=start,
        by=by,
    )
    return bodies


def _accounts(bodies: dict[str, Organisation]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    secret = get_adapter().encrypt(TOTP_SECRET)
    hidden = [
        (Role.CLERK, "edu-clerk", "示例·教育局经办人", EDUCATION),
        (Role.APPROVER, "edu-approver", "示例·教育局复核人", EDUCATION),
    ]
    for role, username, name, code in [*ACCOUNTS, *hidden]:
        password = PASSWORD if (role, username, name, code) in ACCOUNTS else None
        account = Account.objects.create_user(username, password, full_name=name, organisation=bodies[code])
        RoleGrant.objects.create(account=account, role=role)
        accounts[username] = account
        if password:
            Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": secret})
    _let_edit(accounts["editor"])
    return accounts


def _let_edit(editor: Account) -> None:
    from django.contrib.auth.models import Group as PageGroup

    from profiles.accounts.actions import EDITORS

    group, _created = PageGroup.objects.get_or_create(name=EDITORS)
    editor.groups.add(group)


def _people(bodies: dict[str, Organisation], accounts: dict[str, Account], by: System) -> None:
    today = timezone.localdate()

    def new(name: str, number: str) -> NewPerson:
        reading = identity.read(number, today=today)
        assert reading.kind is not None
        assert reading.birth_date is not None
        return NewPerson(name=name, number=number, kind=reading.kind, birth_date=reading.birth_date)

    opened = open_archives(
        people=[new(name, number) for name, number in APPLICANTS], organisation=bodies[EDUCATION], by=by
    )
    for person in opened.values():
        enrol(
            person=person,
            group=Group.TEA,
            organisation=bodies[EDUCATION],
            unit="教师资格申请人",
            joined_on=today - relativedelta(years=1),
            by=accounts["edu-clerk"],
        )
    username, name, number = PERSON
    student = open_archives(people=[new(name, number)], organisation=bodies[SCHOOL], by=by)[number]
    enrol(
        person=student,
        group=Group.STU,
        organisation=bodies[SCHOOL],
        unit="会计2301",
        joined_on=dt.date(2023, 9, 1),
        by=accounts["clerk"],
    )
    account = Account.objects.create_user(username, PASSWORD, full_name=name, person=student)
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(TOTP_SECRET)}
    )


def _facts(bodies: dict[str, Organisation], accounts: dict[str, Account]) -> None:
    today = timezone.localdate()

    def ago(months: int = 0, days: int = 0) -> str:
        return (today - relativedelta(months=months, days=days)).isoformat()

    head = "姓名,身份证号码,行为类别,发生日期,认定文书号,认定日期,备注\n"
    education = head + "".join(
        f"{name},{number},{item},{act},{document},{day},\n"
        for (name, number), item, act, document, day in [
            (APPLICANTS[0], "TEA-02", ago(months=14), "示教〔2025〕3号", ago(months=13)),
            (APPLICANTS[2], "GEN-05", ago(months=8), "示教〔2026〕1号", ago(months=7)),
            (APPLICANTS[7], "TEA-03", ago(months=30), "示教〔2024〕8号", ago(months=29)),
        ]
    )
    _report(education, clerk=accounts["edu-clerk"], approver=accounts["edu-approver"])
    _username, name, number = PERSON
    school = head + "".join(
        [
            f"{name},{number},志愿服务,{ago(months=6)},示职院团〔2026〕2号,{ago(months=6)},校园开放日志愿者\n",
            f"{name},{number},校内考试舞弊,{ago(months=4)},示职院学〔2026〕60号,{ago(months=3)},\n",
        ]
    )
    _report(school, clerk=accounts["clerk"], approver=accounts["approver"])
    planned = head + f"{name},{number},考试违纪,{ago(days=20)},示职院学〔2026〕61号,{ago(days=9)},\n"
    _report(planned, clerk=accounts["clerk"], approver=None)
    rule = RuleVersion.objects.current().get(code="V-GEN-05-ACCESS")
    adoption = vetoes.propose_adoption(
        rule=rule,
        organisation=bodies[EDUCATION],
        document_number="示教规〔2026〕1号（演示）",
        document_date=today - relativedelta(months=9),
        valid_from=today - relativedelta(months=8),
        document=SimpleUploadedFile("rule.pdf", render_pdf(RULE_PAPER)),
        by=accounts["examiner"],
    )
    vetoes.approve_adoption(adoption=adoption, by=accounts["credit"])


def _report(text: str, *, clerk: Account, approver: Account | None) -> None:
    """A file on its whole road, in this process: upload, rehearsal, confirmation, admission, service, approval."""
    worker = System("demo")
    batch = intake.receive(
        upload=SimpleUploadedFile("示例.csv", io.BytesIO(text.encode("gb18030")).getvalue()),
        kind=Batch.Kind.ENTRIES,
        permission=Permission.UPLOAD_BATCH,
        by=clerk,
    )
    records.rehearse_batch(batch_id=batch.pk, by=worker)
    batch.refresh_from_db()
    if batch.state != Batch.State.READY or batch.refused_rows:
        raise RuntimeError(f"The demo file was not taken: {batch.state} {batch.counts} {batch.remarks}")
    batch = intake.confirm(batch=batch, permission=Permission.UPLOAD_BATCH, by=clerk)
    records.admit_batch(batch_id=batch.pk, by=worker)
    records.notify_batch(batch_id=batch.pk, by=worker)
    entries = list(Entry.objects.filter(batch_id=batch.pk))
    records.record_service(entries=entries, served_on=timezone.localdate(), by=clerk)
    if approver is not None:
        records.approve(entries=entries, by=approver)
