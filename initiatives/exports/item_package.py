"""Everything about one item in one file, for whoever must answer a request for access to documents (aktindsigt).

The law decides what is handed out, and a person decides it: comments between colleagues stand in a file of their own,
because they may be internal documents. All words are Danish: it is a Danish authority that files them.
"""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.annex.docx import render_docx
from initiatives.annex.gathering import gather
from initiatives.exports.word import Entry, Section, word_document
from initiatives.models import ActionItem, AnnexTemplate, Comment, Snapshot
from initiatives.presenters.history import HistoryLine, HistoryPage, item_story
from initiatives.presenters.item_page import moment_text


def item_package(item: ActionItem, *, now: datetime, site_name: str, address: str) -> bytes:
    """A zip file. The item comes with its plan. Costs a tenth of a second for each frozen meeting."""
    with translation.override("da"):
        story = item_story(item, today=timezone.localtime(now).date())
        comments = list(Comment.objects.filter(item=item).select_related("by", "withdrawn_by"))
        snapshots = list(_snapshots(item))
        files: dict[str, bytes] = {
            "laes-mig.txt": _read_me(item, len(comments), snapshots, now, address).encode("utf-8-sig"),
            "punktet.docx": _item_document(item, story),
        }
        if comments:
            files["kommentarer.docx"] = _comments_document(item, comments)
        for snapshot in snapshots:
            files[_annex_name(snapshot)] = _annex(snapshot, site_name)
        files["punktet.json"] = _machine_readable(item, story, comments)
    return _packed(files)


def _snapshots(item: ActionItem) -> Any:
    frozen = Snapshot.objects.filter(plan=item.plan_id, items__key=item.key)
    return frozen.select_related("meeting__body", "plan__kind").order_by("meeting_day", "version").distinct()


def _annex_name(snapshot: Snapshot) -> str:
    return f"bilag/{snapshot.meeting_day:%Y-%m-%d}-version-{snapshot.version}-{snapshot.pk}.docx"


def _annex(snapshot: Snapshot, site_name: str) -> bytes:
    letter = AnnexTemplate.objects.filter(body=snapshot.meeting.body_id, retired_at__isnull=True).first()
    return render_docx(gather(snapshot), letter=bytes(letter.content) if letter else None, site_name=site_name)


def _read_me(item: ActionItem, comments: int, snapshots: list[Snapshot], now: datetime, address: str) -> str:
    lines = [
        f"{item.number}. {item.title}",
        item.plan.title,
        "",
        _("Put together on %(moment)s from %(address)s.") % {"moment": moment_text(now), "address": address},
        "",
        _("punktet.docx: the item as it stands, every status and every change, with who and when."),
        _("bilag: the annexes of the meetings at which the item was frozen (%(count)d).") % {"count": len(snapshots)},
    ]
    if comments:
        lines.append(
            _("kommentarer.docx: comments between colleagues (%(count)d). Consider whether they are internal.")
            % {"count": comments}
        )
    else:
        lines.append(_("There are no comments between colleagues."))
    lines += [
        _("punktet.json: the same for machines."),
        "",
        _("Decide what may be handed out before you pass the package on."),
    ]
    return "\r\n".join(lines) + "\r\n"


def _item_document(item: ActionItem, story: HistoryPage) -> bytes:
    lead = [item.plan.title, story.answer]
    sections = []
    if story.as_of is not None:
        lead.append(story.as_of.sentence)
        for group in story.as_of.groups:
            things = [Entry(title=thing.name, facts=thing.fields) for thing in group.things]
            sections.append(Section(group.heading, things))
    changes = [_change(line) for line in story.lines]
    sections.append(Section(_("Changes, the newest first"), changes, blank=story.answer))
    return word_document(f"{item.number}. {item.title}", lead, sections)


def _change(line: HistoryLine) -> Entry:
    facts = [
        (field.field, f"{field.before} → {field.after or _('empty')}" if field.before else field.after)
        for field in (*line.short, *line.long)
    ]
    title = f"{line.what}: {line.name}" if line.name else line.what
    notes = [f"{line.when} · {line.by or _('from the source')}", *([line.why] if line.why else [])]
    return Entry(title=title, notes=notes, facts=facts)


def _comments_document(item: ActionItem, comments: list[Comment]) -> bytes:
    entries = [Entry(notes=_about(comment), text=comment.text) for comment in comments]
    lead = [_("Comments between colleagues. They are no part of the official status.")]
    return word_document(f"{item.number}. {item.title}", lead, [Section(_("Comments"), entries)])


def _about(comment: Comment) -> list[str]:
    notes = [f"{moment_text(comment.created_at)} · {comment.by}"]
    if comment.withdrawn_at is not None:
        notes.append(_("Withdrawn on %(moment)s.") % {"moment": moment_text(comment.withdrawn_at)})
    return notes


def _machine_readable(item: ActionItem, story: HistoryPage, comments: list[Comment]) -> bytes:
    content = {
        "plan": item.plan.slug,
        "key": item.key,
        "number": item.number,
        "title": item.title,
        "changes": [
            {
                "what": line.what,
                "name": line.name,
                "when": line.at.isoformat(),
                "by": line.by,
                "why": line.why,
                "fields": [
                    {"field": field.field, "before": field.before, "after": field.after}
                    for field in (*line.short, *line.long)
                ],
            }
            for line in story.lines
        ],
        "comments": [
            {
                "when": comment.created_at.isoformat(),
                "by": str(comment.by),
                "text": comment.text,
                "withdrawn": comment.withdrawn_at.isoformat() if comment.withdrawn_at else None,
            }
            for comment in comments
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _packed(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
