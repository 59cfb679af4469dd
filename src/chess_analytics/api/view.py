"""What answers that say much are made of: views on values of the rooms below."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """Some fields of a value; they are described where they are declared."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    @classmethod
    def of(cls, value: object) -> Self:
        """Look at a value that has attributes of these names."""
        return cls.model_validate(value, from_attributes=True)
