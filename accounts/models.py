"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person who signs in by e-mail; without a password only by Google or after a reset."""
        user = self.model(email=email_normal(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a platform owner, who sees all theatres."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=email_normal(username or ""))


def email_normal(email: str) -> str:
    """Return the form in which an e-mail is stored and looked up: lower case, no blanks around it."""
    return email.strip().lower()


def one_line(name: str) -> str:
    """Return a name in which no line end can begin a line of a mail or a log."""
    return " ".join(name.split())


class User(AbstractUser):
    """A person with an e-mail and no user name. What they may do in a theatre is a Membership there;
    `is_superuser` is the platform owner, `is_staff` lets a person into the admin."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = email_normal(self.email)
        self.first_name, self.last_name = one_line(self.first_name), one_line(self.last_name)
        super().save(*args, **kwargs)
