"""A person's page of courses and skills is a door to the file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0017_index_open_posts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="fileopening",
            name="opening_door_listed",
        ),
        migrations.AlterField(
            model_name="fileopening",
            name="door",
            field=models.CharField(
                choices=[
                    ("page", "Trang hồ sơ"),
                    ("history", "Lịch sử thay đổi"),
                    ("edit", "Sửa hồ sơ"),
                    ("round", "Bổ sung lý lịch"),
                    ("document", "Sơ yếu lý lịch"),
                    ("training", "Đào tạo, kỹ năng"),
                    ("api", "Giao diện lập trình"),
                ],
                max_length=12,
                verbose_name="cách xem",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileopening",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "door__in",
                        ["page", "history", "edit", "round", "document", "training", "api"],
                    )
                ),
                name="opening_door_listed",
            ),
        ),
    ]
