"""The table of conversations: items of several kinds, told apart by how their keys begin (docs/adr/037-*.md).

An item's lists and records are JSON in text, which a garbage value does not make unreadable.
"""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from motiv8.aws.attributes import MomentAttribute, RecordAttribute
from motiv8.aws.tables import Table


class ConversationItem(Table):
    """What every item of the table has: its two keys, and the Unix second after which it may go."""

    setting = "conversations_table"

    class Meta:
        """Table settings."""

        table_name = ""

    partition = UnicodeAttribute(hash_key=True)
    sort = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)


class ConversationRow(ConversationItem):
    """`person#{user_id}`, `conversation#{conversation_id}`; `answering` is the message that is being written."""

    class Meta:
        """Table settings."""

        table_name = ""

    title = UnicodeAttribute(null=True)
    namespace = UnicodeAttribute(null=True)
    created_at = MomentAttribute()
    updated_at = MomentAttribute()
    messages = NumberAttribute(default=0)
    answering = UnicodeAttribute(null=True)
    answering_until = MomentAttribute(null=True)
    # While it is being removed, which takes one write for each message.
    removing = BooleanAttribute(null=True)


class MessageRow(ConversationItem):
    """`conversation#{conversation_id}`, `message#{message_id}`."""

    class Meta:
        """Table settings."""

        table_name = ""

    user_id = UnicodeAttribute()
    role = UnicodeAttribute()
    status = UnicodeAttribute()
    text = UnicodeAttribute(default="")
    question_id = UnicodeAttribute(null=True)
    confirms = UnicodeAttribute(null=True)
    citations = RecordAttribute(null=True)
    tool = RecordAttribute(null=True)
    confirmation = RecordAttribute(null=True)
    # Apart from what is to be confirmed, so that a write can be made to depend on it.
    confirmation_status = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    feedback = RecordAttribute(null=True)
    input_tokens = NumberAttribute(null=True)
    output_tokens = NumberAttribute(null=True)
    # The invocation that writes the answer, and until when an answer may be being written.
    run = UnicodeAttribute(null=True)
    lease_until = MomentAttribute(null=True)
    stop_asked = BooleanAttribute(null=True)
    created_at = MomentAttribute()
    finished_at = MomentAttribute(null=True)


class EventRow(ConversationItem):
    """`message#{message_id}`, `event#{sequence}`: a piece of an answer, kept for a day."""

    class Meta:
        """Table settings."""

        table_name = ""

    body = RecordAttribute()


class ConnectionRow(ConversationItem):
    """`person#{user_id}`, `connection#{connection_id}`: an open socket."""

    class Meta:
        """Table settings."""

        table_name = ""

    conversation_id = UnicodeAttribute()


class TicketRow(ConversationItem):
    """`ticket#{SHA-256 of the ticket}`, `ticket`: lets one socket be opened."""

    class Meta:
        """Table settings."""

        table_name = ""

    user_id = UnicodeAttribute()
    conversation_id = UnicodeAttribute()


class BudgetRow(ConversationItem):
    """`budget#{date}`, `person#{user_id}` or `environment`: the tokens that a day (UTC) took."""

    class Meta:
        """Table settings."""

        table_name = ""

    tokens = NumberAttribute(default=0)


class ToolServerRow(ConversationItem):
    """`tool-servers`, `scope#{scope}`: a server whose tools the coach uses in a scope."""

    class Meta:
        """Table settings."""

        table_name = ""

    url = UnicodeAttribute()
    has_secret = BooleanAttribute()
    # A list; an empty one allows none, which no set could say.
    tools = RecordAttribute(null=True)
    updated_at = MomentAttribute()
