using System.Globalization;
using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Searching;

/// <summary>Makes the SDK's filter of one that was read: fields by their names, values by their fields' types.</summary>
internal sealed class FilterBinding(OpenTable table, NamedPeople people)
{
    private static readonly Dictionary<string, TableDay> Days = new(StringComparer.OrdinalIgnoreCase)
    {
        ["today"] = TableDay.Today, ["tomorrow"] = TableDay.Tomorrow, ["yesterday"] = TableDay.Yesterday,
        ["this_week"] = TableDay.CurrentWeek, ["last_week"] = TableDay.LastWeek, ["this_month"] = TableDay.CurrentMonth,
        ["last_month"] = TableDay.LastMonth, ["last_7_days"] = TableDay.TheLastWeek, ["next_7_days"] = TableDay.TheNextWeek,
        ["last_30_days"] = TableDay.TheLastMonth, ["next_30_days"] = TableDay.TheNextMonth,
    };

    /// <summary>The values of conditions on people, as JSON: to be looked up first.</summary>
    public static IEnumerable<JsonElement> PeopleIn(FilterNode node, TableFields fields) => node switch
    {
        FilterGroup group => group.Parts.SelectMany(part => PeopleIn(part, fields)),
        FilterCondition condition when fields.Find(condition.Field.Text) is { } field && IsOfPeople(field) =>
            condition.Values.Select(value => JsonSerializer.SerializeToElement(value.Text)),
        _ => [],
    };

    /// <summary>The names of all fields that a filter asks.</summary>
    public static IEnumerable<FilterToken> FieldsIn(FilterNode node) => node switch
    {
        FilterGroup group => group.Parts.SelectMany(FieldsIn),
        FilterCondition condition => [condition.Field],
        _ => [],
    };

    /// <summary>The filter.</summary>
    /// <exception cref="RequestRefusedException">A field, an option or a person is not there, or a value is none of its field.</exception>
    public TableFilter Bind(FilterNode node)
    {
        if (node is FilterGroup group)
            return group.All ? TableFilter.All(group.Parts.Select(Bind)) : TableFilter.Any(group.Parts.Select(Bind));
        var condition = (FilterCondition)node;
        var field = table.Fields.Find(condition.Field.Text)
            ?? throw Refused("unknown_field", Names.Field(condition.Field.Text, table.Fields));
        var where = Where.Field(field.Id);
        object[] values = [.. condition.Values.SelectMany(value => Values(field, value))];
        return condition.Operator switch
        {
            "=" => where.Is(values[0]),
            "!=" => where.IsNot(values[0]),
            ">" => where.IsGreater(values[0]),
            ">=" => where.IsGreaterOrEqual(values[0]),
            "<" => where.IsLess(values[0]),
            "<=" => where.IsLessOrEqual(values[0]),
            FilterParser.Contains => where.Contains(values),
            FilterParser.Excludes => where.DoesNotContain(values),
            FilterParser.IsEmpty => where.IsEmpty(),
            _ => where.IsNotEmpty(),
        };
    }

    private IEnumerable<object> Values(TableField field, FilterToken value)
    {
        var text = value.Text;
        switch (field.Type)
        {
            case TableFieldType.SingleSelect or TableFieldType.MultiSelect when field.Options.All(option => option.Name != text):
                throw Refused("unknown_option", Names.Option(text, field));
            case TableFieldType.DateTime or TableFieldType.CreatedTime or TableFieldType.ModifiedTime: return [Day(value)];
            case TableFieldType.Checkbox: return [bool.TryParse(text, out var tick) ? tick : throw Wrong(value, field)];
            case TableFieldType.Number:
                return [decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                    : throw Wrong(value, field)];
            case var _ when IsOfPeople(field):
                var (ids, fault) = people.Find(field, JsonSerializer.SerializeToElement(text));
                return fault is null ? ids : throw Refused(fault.Reason, fault.Text);
            default: return [text];
        }
    }

    private static object Day(FilterToken value)
    {
        if (value.Kind == FilterTokenKind.Word && Days.TryGetValue(value.Text, out var day)) return day;
        return DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
            : throw FilterScanner.Wrong(FilterParser.Pointer, value, TablesTexts.BadDay(string.Join(", ", Days.Keys)));
    }

    private static bool IsOfPeople(TableField field) =>
        field.Type is TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser;

    private static RequestRefusedException Wrong(FilterToken value, TableField field) =>
        FilterScanner.Wrong(FilterParser.Pointer, value, CellFault.WrongType(field).Text);

    private static RequestRefusedException Refused(string word, LocalText text) =>
        RequestRefusedException.Impossible(word, FilterParser.Pointer, text);
}
