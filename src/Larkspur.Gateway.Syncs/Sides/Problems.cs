namespace Larkspur.Gateway.Syncs.Sides;

/// <summary>Why something of a sync does not go on: words that rows keep, answers carry and texts explain.</summary>
internal static class Problems
{
    // Of a whole side.
    public const string Unreachable = "unreachable";
    public const string Busy = "busy";
    public const string NoPermission = "no_permission";
    public const string NotFound = "not_found";
    public const string Broken = "broken";

    // Of a row.
    public const string ValueRefused = "value_refused";
    public const string ValueUnreadable = "value_unreadable";
    public const string UnknownOption = "unknown_option";
    public const string TooLong = "too_long";
    public const string DigitsLost = "digits_lost";
    public const string MarkupLost = "markup_lost";
    public const string Constraint = "constraint";
    public const string RowRefused = "row_refused";
    public const string NoKey = "no_key";
    public const string KeyTwice = "key_twice";
    public const string KeyChanged = "key_changed";
    public const string Hidden = "hidden";
    public const string Failed = "failed";

    // Of a field.
    public const string FieldGone = "field_gone";
    public const string ColumnGone = "column_gone";
    public const string TypeChanged = "type_changed";

    // Of the whole sync.
    public const string Shrunk = "shrunk";
    public const string RightsChanged = "rights_changed";
    public const string SentinelGone = "sentinel_gone";
    public const string KeyFieldGone = "key_field_gone";
    public const string ByPerson = "by_person";
    public const string Undone = "undone";
}
