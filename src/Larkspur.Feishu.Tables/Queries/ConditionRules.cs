using System.Globalization;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// What a condition may say of a field's type, and how its values are written: always as text. Source: record-filter-guide.
/// </summary>
internal static class ConditionRules
{
    /// <summary>Checks a condition and writes its values.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="field">Its field.</param>
    /// <param name="zone">The base's zone; null when no value is a date.</param>
    /// <exception cref="TableQueryException">The platform would refuse it.</exception>
    public static string[] Values(TableCondition condition, TableField field, TimeZoneInfo? zone)
    {
        var (operation, values) = (condition.Operator, condition.Values);
        if (!Allows(field.Type, operation)) throw Wrong($"a field of type {field.Type} has no condition {operation}");
        if (operation is TableOperator.IsEmpty or TableOperator.IsNotEmpty) return [];
        if (values.Count is 0 or > TableFilter.MostValues) throw Wrong($"{values.Count} values; 1 to {TableFilter.MostValues}");
        if (values.Count > 1 && !TakesSeveral(field.Type)) throw Wrong($"a field of type {field.Type} takes one value");
        if (values.Any(value => value is null)) throw Wrong("null is no value: ask IsEmpty");
        if (!IsOfTime(field.Type)) return [.. values.Select(Text)];
        return values[0] switch
        {
            TableDay day when operation != TableOperator.Is && day > TableDay.Yesterday => throw Wrong($"{day} goes with Is only"),
            TableDay day => [day.ToString()],
            DateOnly date => Exact(DateTimeCell.Of(date, zone ?? throw Wrong("the base's time zone is not known")).Milliseconds),
            DateTimeOffset instant => Exact(instant.ToUnixTimeMilliseconds()),
            DateTimeCell cell => Exact(cell.Milliseconds),
            var other => throw Wrong($"{other.GetType().Name} is no date"),
        };

        static string[] Exact(long milliseconds) => ["ExactDate", milliseconds.ToString(CultureInfo.InvariantCulture)];

        string Text(object value) => (field.Type, value) switch
        {
            (TableFieldType.Number, decimal or double or float or long or int or short or byte) => Number(value),
            (TableFieldType.Number, NumberCell number) => Number(number.Value),
            (TableFieldType.Number, string text) when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) =>
                text,
            (TableFieldType.Number, _) => throw Wrong($"{value} is no number"),
            (TableFieldType.Checkbox, bool tick) => tick ? "true" : "false",
            (TableFieldType.Checkbox, CheckboxCell tick) => tick.Value ? "true" : "false",
            (TableFieldType.Checkbox, _) => throw Wrong($"{value} is neither true nor false"),
            (_, string text) => text,
            (_, TextCell text) => text.Text,
            (_, SelectCell option) => option.Name,
            (_, PhoneCell phone) => phone.Number,
            (_, UrlCell url) => url.Text,
            (_, IdCell { Ids.Count: 1 } one) => one.Ids[0],
            (_, Enum option) => OptionNames.Of(option),
            (_, IFormattable number) when field.Type == TableFieldType.AutoNumber => Number(number),
            _ => throw Wrong($"a {value.GetType().Name} does not go with a field of type {field.Type}"),
        };

        static string Number(object value) =>
            ((IFormattable)value).ToString(value is double or float ? "R" : null, CultureInfo.InvariantCulture);

        TableQueryException Wrong(string why) => new($"Condition {operation} of field \"{field.Name}\": {why}.");
    }

    private static bool TakesSeveral(TableFieldType type) => type is TableFieldType.SingleSelect or TableFieldType.MultiSelect
        or TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser or TableFieldType.GroupChat
        or TableFieldType.SingleLink or TableFieldType.DuplexLink;

    private static bool IsOfTime(TableFieldType type) =>
        type is TableFieldType.DateTime or TableFieldType.CreatedTime or TableFieldType.ModifiedTime;

    private static bool Allows(TableFieldType type, TableOperator operation) => type switch
    {
        TableFieldType.Formula or TableFieldType.Lookup or TableFieldType.Button or TableFieldType.Stage => false,
        TableFieldType.Checkbox => operation == TableOperator.Is,
        TableFieldType.Attachment => operation is TableOperator.IsEmpty or TableOperator.IsNotEmpty,
        _ when IsOfTime(type) => operation is TableOperator.Is or TableOperator.IsGreater or TableOperator.IsLess
            or TableOperator.IsEmpty or TableOperator.IsNotEmpty,
        _ => Enum.IsDefined(type),
    };
}
