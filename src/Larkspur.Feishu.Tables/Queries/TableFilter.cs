namespace Larkspur.Feishu.Tables;

/// <summary>Which records a search finds: conditions of fields (<see cref="Where"/>), joined by <c>&amp;</c> and <c>|</c>.</summary>
/// <remarks>
/// The platform takes a list of conditions that all hold, or of which one holds, with one level of such lists below it; what is joined
/// deeper is refused before the call, and so is what it does not allow for a field's type. Source: record-filter-guide.
/// </remarks>
public abstract class TableFilter
{
    /// <summary>Most conditions in a filter.</summary>
    public const int MostConditions = 50;

    /// <summary>Most values in a condition.</summary>
    public const int MostValues = 10;

    /// <summary>Most characters of a filter as it is sent.</summary>
    public const int MostCharacters = 2000;

    private protected TableFilter()
    {
    }

    /// <summary>All of them hold.</summary>
    public static TableFilter All(params IEnumerable<TableFilter> filters) => new TableFilterGroup("and", filters);

    /// <summary>One of them holds.</summary>
    public static TableFilter Any(params IEnumerable<TableFilter> filters) => new TableFilterGroup("or", filters);

    /// <summary>Both hold.</summary>
    public static TableFilter operator &(TableFilter left, TableFilter right) => All(left, right);

    /// <summary>One of them holds.</summary>
    public static TableFilter operator |(TableFilter left, TableFilter right) => Any(left, right);

    /// <summary>Both hold.</summary>
    public static TableFilter BitwiseAnd(TableFilter left, TableFilter right) => left & right;

    /// <summary>One of them holds.</summary>
    public static TableFilter BitwiseOr(TableFilter left, TableFilter right) => left | right;
}

/// <summary>Conditions that are joined. Groups of the same kind in each other are one.</summary>
internal sealed class TableFilterGroup : TableFilter
{
    public TableFilterGroup(string conjunction, IEnumerable<TableFilter> parts)
    {
        Conjunction = conjunction;
        Parts = [.. parts.SelectMany(part => part is TableFilterGroup group && (group.Conjunction == conjunction || group.Parts.Count == 1)
            ? group.Parts : [part])];
    }

    public string Conjunction { get; }

    public IReadOnlyList<TableFilter> Parts { get; }
}

/// <summary>A condition of one field.</summary>
internal sealed class TableCondition(string field, TableOperator @operator, IReadOnlyList<object> values) : TableFilter
{
    public string Field { get; } = field;

    public TableOperator Operator { get; } = @operator;

    public IReadOnlyList<object> Values { get; } = values;
}

/// <summary>How a field is compared.</summary>
internal enum TableOperator
{
    Is,
    IsNot,
    Contains,
    DoesNotContain,
    IsEmpty,
    IsNotEmpty,
    IsGreater,
    IsGreaterEqual,
    IsLess,
    IsLessEqual,
}
