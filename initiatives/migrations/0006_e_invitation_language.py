from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("initiatives", "0005_nobody_forgets"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="language",
            field=models.CharField(default="da", max_length=5),
        ),
    ]
