
namespace Larkspur.Gateway.Storage.Lists;

/// <summary>Which rows somebody wants to see or to treat. What is null does not matter.</summary>
internal sealed record RowFilter
{
    /// <summary>Rows on a page at most.</summary>
    public const int MaxPage = 200;

    /// <summary>A box's word for the state; <c>overdue</c> is one of both.</summary>
    public string? Status { get; init; }

    public string? App { get; init; }

    /// <summary>Inbox only.</summary>
    public string? EventType { get; init; }

    /// <summary>The ordering key (inbox) or the lane (outbox).</summary>
    public string? Key { get; init; }

    /// <summary>Outbox only: what this inbox row has caused.</summary>
    public long? InboxId { get; init; }

    /// <summary>Outbox only: where it goes to, <c>webhook</c> for business systems.</summary>
    public string? Platform { get; init; }

    /// <summary>Outbox only: the chat, person, message or webhook.</summary>
    public string? Target { get; init; }

    /// <summary>Why it ended as it did.</summary>
    public string? Reason { get; init; }

    /// <summary>Only what a caller sees. Of the inbox the apps count alone: what arrives is no system's.</summary>
    public OwnerFilter Seen { get; init; } = OwnerFilter.All;

    /// <summary>Arrived or made at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Arrived or made before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only rows with a smaller id: where the page before ended.</summary>
    public long? Cursor { get; init; }

    public int Limit { get; init; } = 50;
}

/// <summary>A page of rows, the newest first.</summary>
/// <param name="Items">The rows; a page may have fewer than asked for, even none, although there are more.</param>
/// <param name="Next">The cursor of the next page; null when this was the last.</param>
internal sealed record RowPage<T>(IReadOnlyList<T> Items, long? Next);

/// <summary>Conditions and their values, in step.</summary>
internal sealed class SqlConditions
{
    private readonly List<object?> _values = [];
    private readonly List<string> _texts = [];

    public object?[] Values => [.. _values];

    /// <summary><c>a AND b</c>; true when there is none.</summary>
    public string Text => _texts.Count == 0 ? "1 = 1" : string.Join(" AND ", _texts);

    public bool IsEmpty => _texts.Count == 0;

    /// <summary>Takes a value and returns its place, as in <c>$3</c>.</summary>
    public string Place(object value)
    {
        _values.Add(value);
        return "$" + _values.Count;
    }

    public SqlConditions When(string? value, string column)
    {
        if (value is not null) _texts.Add($"{column} = {Place(value)}");
        return this;
    }

    public SqlConditions When(OwnerFilter seen)
    {
        if (seen.And(_values) is { Length: > 0 } text) _texts.Add(text[" AND ".Length..]);
        return this;
    }

    /// <summary>One of these.</summary>
    public SqlConditions Among(IReadOnlyCollection<string>? values, string column)
    {
        if (values is not null) _texts.Add(values.Count == 0 ? "1 = 0" : $"{column} IN ({string.Join(", ", values.Select(Place))})");
        return this;
    }

    /// <summary>A text that stands somewhere in a column.</summary>
    public SqlConditions Holding(string? text, string column)
    {
        if (text is null) return this;
        var pattern = text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal)
            .Replace("_", "!_", StringComparison.Ordinal);
        _texts.Add($"{column} LIKE {Place($"%{pattern}%")} ESCAPE '!'");
        return this;
    }

    public SqlConditions When(long? value, string comparison)
    {
        if (value is { } number) _texts.Add($"{comparison} {Place(number)}");
        return this;
    }
}
