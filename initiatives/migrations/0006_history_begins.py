"""Rows from before their history was kept get a first history row, so that looking back finds them."""

from django.db import migrations
from django.utils import timezone


def begin(apps, schema_editor):
    now = timezone.now()
    for name, moment in (
        ("Anchoring", lambda row: row.item.created_at),
        ("Milestone", lambda row: row.item.created_at),
        ("Membership", lambda row: now),
        ("Body", lambda row: now),
    ):
        model, kept = apps.get_model("initiatives", name), apps.get_model("initiatives", f"Historical{name}")
        known = set(kept.objects.values_list("id", flat=True))
        fields = [field.attname for field in model._meta.concrete_fields]
        rows = model.objects.select_related("item") if name in ("Anchoring", "Milestone") else model.objects.all()
        kept.objects.bulk_create(
            [
                kept(
                    **{field: getattr(row, field) for field in fields},
                    history_date=moment(row),
                    history_type="+",
                    history_change_reason=None,
                )
                for row in rows.iterator()
                if row.pk not in known
            ],
            batch_size=200,
        )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0005_nobody_forgets")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
