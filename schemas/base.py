"""What all records are made of: open and closed values, ids, instants, answers, ages and short words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypeAliasType

# What nobody can see: controls, spaces, soft hyphen, fillers, direction and joining marks, byte order marks. Written out, not taken from
# a Unicode table, so that the exported pattern is the same whatever Python makes it, and reads alike in ECMA-262, Python and Rust.
INVISIBLE = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    r"\ufeff\uffa0\ufff0-\uffff"
)
VISIBLE = f"^[^{INVISIBLE}]+$"
WORD = f"^[^:{INVISIBLE}]+$"

# Years 1000 to 9899: no offset and no window of days can carry an instant out of what a datetime holds.
RFC3339 = (
    r"^(?:[1-8][0-9]|9[0-8])[0-9]{2}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
BIRTH = r"^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$"


class Closed(BaseModel):
    """A frozen value in which a field beyond its own is an error. An error's text never shows what was given."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        json_schema_serialization_defaults_required=True,
    )


class Open(BaseModel):
    """A frozen value that ignores fields it doesn't know. An error's text never shows what was given."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, validate_by_alias=True, serialize_by_alias=True)


@dataclass(frozen=True, slots=True)
class NullMeans:
    """Marks a field of which JSON's null says the same as leaving it out."""

    value: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Swap null for the value before anything else looks at it."""
        inner = handler(source)
        value = self.value
        return core_schema.no_info_before_validator_function(
            lambda given: value if given is None else given,
            inner,
            json_schema_input_schema=core_schema.nullable_schema(inner),
        )


@dataclass(frozen=True, slots=True)
class FromText:
    """Marks a date or a datetime that is read from text of one pattern: no numbers, no other spelling. Python's own value passes too."""

    pattern: str
    format: str
    exact: ClassVar[dict[str, CoreSchema]] = {
        "date": core_schema.date_schema(),
        "date-time": core_schema.datetime_schema(tz_constraint="aware"),
    }

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Text first, because that is what travels; a value already of the type is checked strictly."""
        del source, handler
        exact = self.exact[self.format]
        text = core_schema.chain_schema([core_schema.str_schema(strict=True, pattern=self.pattern), exact])
        return core_schema.union_schema(
            [text, {**exact, "strict": True}], mode="left_to_right", serialization=core_schema.simple_ser_schema(exact["type"])
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A string of the format, and the pattern for validators to whom a format is only a note."""
        del schema, handler
        return {"type": "string", "format": self.format, "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """Marks an int between bounds, read as JSON Schema counts: `15.0` is the integer 15; true and "15" are none."""

    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """An int as it is; a float only where it is whole."""
        del source, handler
        exact = core_schema.int_schema(strict=True, ge=self.least, le=self.most)
        whole = core_schema.chain_schema([core_schema.float_schema(strict=True), core_schema.int_schema(ge=self.least, le=self.most)])
        return core_schema.union_schema([exact, whole], mode="left_to_right", serialization=core_schema.simple_ser_schema("int"))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """An integer with its bounds."""
        del schema, handler
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


# Named, so that the exported schemas say each of them once.
Identifier = TypeAliasType("Identifier", Annotated[str, Field(min_length=1, max_length=128, pattern=VISIBLE)])
Word = TypeAliasType("Word", Annotated[str, Field(min_length=1, max_length=32, pattern=WORD)])
Ref = TypeAliasType("Ref", Annotated[str, Field(min_length=1, max_length=64, pattern=VISIBLE)])
Instant = TypeAliasType("Instant", Annotated[datetime, FromText(RFC3339, "date-time")])
BirthDate = TypeAliasType("BirthDate", Annotated[date, FromText(BIRTH, "date")])
Age = TypeAliasType("Age", Annotated[int, WholeNumber(0, 130)])

Answer = Literal["yes", "no", "unknown"]
Fact = TypeAliasType("Fact", Annotated[Answer, NullMeans("unknown")])
Flag = TypeAliasType("Flag", Annotated[bool, Field(strict=True), NullMeans(value=False)])
