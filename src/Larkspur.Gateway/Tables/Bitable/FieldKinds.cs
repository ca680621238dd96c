using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>What the values of a field can be taken for when its table is synchronised.</summary>
internal static class FieldKinds
{
    /// <summary>The field as a column of a sync.</summary>
    public static SideColumn Column(TableField field) => new(field.Id, field.Name, Type(field), Of(field))
    {
        IsReadOnly = field.IsReadOnly,
        Options = [.. field.Options.Select(option => option.Name)],
    };

    private static string Type(TableField field) => field.ResultType is { } result ? $"{field.Type}:{result}" : $"{field.Type}";

    private static ValueKind[] Of(TableField field) => field.Type switch
    {
        TableFieldType.Text or TableFieldType.Phone or TableFieldType.AutoNumber => [ValueKind.Text],
        TableFieldType.Number => [ValueKind.Number],
        TableFieldType.SingleSelect => [ValueKind.Choice, ValueKind.Text],
        TableFieldType.MultiSelect => [ValueKind.Choices],
        TableFieldType.DateTime => [ValueKind.Instant, ValueKind.Date],
        TableFieldType.CreatedTime or TableFieldType.ModifiedTime => [ValueKind.Instant, ValueKind.Date],
        TableFieldType.Checkbox => [ValueKind.Boolean],
        TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser => [ValueKind.People],
        TableFieldType.Url => [ValueKind.Link],
        TableFieldType.Formula => field.ResultType switch
        {
            TableFieldType.Number => [ValueKind.Number],
            TableFieldType.DateTime => [ValueKind.Instant, ValueKind.Date],
            TableFieldType.Checkbox => [ValueKind.Boolean],
            _ => [ValueKind.Text],
        },
        // Files, links to records, places, chats and lookups have no counterpart in a column; nothing is made up for them.
        _ => [],
    };
}
