namespace Larkspur.Feishu.Tables;

/// <summary>Conditions of one field: <c>Where.Field("金额").IsGreater(100) &amp; Where.Field("阶段").Is("Open")</c>.</summary>
/// <remarks>
/// Values are what the field's cells are written with: text, numbers, <see cref="bool"/>, ids of people, chats and records, dates
/// (<see cref="DateOnly"/>, <see cref="DateTimeOffset"/>, <see cref="TableDay"/>). Dates are compared by whole days in the base's zone.
/// </remarks>
public sealed class Where
{
    private readonly string _field;

    private Where(string field) => _field = field;

    /// <summary>A field by its name or id.</summary>
    public static Where Field(string nameOrId)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrId);
        return new(nameOrId);
    }

    /// <summary>The field is this value.</summary>
    public TableFilter Is(object value) => new TableCondition(_field, TableOperator.Is, [value]);

    /// <summary>The field is another value. Not for dates and checkboxes.</summary>
    public TableFilter IsNot(object value) => new TableCondition(_field, TableOperator.IsNot, [value]);

    /// <summary>The text, or one of the options, people or records, is in it. Up to 10 values.</summary>
    public TableFilter Contains(params object[] values) => new TableCondition(_field, TableOperator.Contains, values);

    /// <summary>None of these is in it. Up to 10 values.</summary>
    public TableFilter DoesNotContain(params object[] values) => new TableCondition(_field, TableOperator.DoesNotContain, values);

    /// <summary>Nothing is in it.</summary>
    public TableFilter IsEmpty() => new TableCondition(_field, TableOperator.IsEmpty, []);

    /// <summary>Something is in it.</summary>
    public TableFilter IsNotEmpty() => new TableCondition(_field, TableOperator.IsNotEmpty, []);

    /// <summary>The number is greater, or the date later.</summary>
    public TableFilter IsGreater(object value) => new TableCondition(_field, TableOperator.IsGreater, [value]);

    /// <summary>The number is greater, or the same. Not for dates.</summary>
    public TableFilter IsGreaterOrEqual(object value) => new TableCondition(_field, TableOperator.IsGreaterEqual, [value]);

    /// <summary>The number is less, or the date earlier.</summary>
    public TableFilter IsLess(object value) => new TableCondition(_field, TableOperator.IsLess, [value]);

    /// <summary>The number is less, or the same. Not for dates.</summary>
    public TableFilter IsLessOrEqual(object value) => new TableCondition(_field, TableOperator.IsLessEqual, [value]);
}

/// <summary>Days as filters know them, in the base's time zone. Those of weeks and months go with <see cref="Where.Is"/> only.</summary>
public enum TableDay
{
    /// <summary>Today.</summary>
    Today,

    /// <summary>Tomorrow.</summary>
    Tomorrow,

    /// <summary>Yesterday.</summary>
    Yesterday,

    /// <summary>This week.</summary>
    CurrentWeek,

    /// <summary>Last week.</summary>
    LastWeek,

    /// <summary>This month.</summary>
    CurrentMonth,

    /// <summary>Last month.</summary>
    LastMonth,

    /// <summary>The last 7 days.</summary>
    TheLastWeek,

    /// <summary>The next 7 days.</summary>
    TheNextWeek,

    /// <summary>The last 30 days.</summary>
    TheLastMonth,

    /// <summary>The next 30 days.</summary>
    TheNextMonth,
}
