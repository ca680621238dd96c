namespace Larkspur.Feishu.Tables;

/// <summary>What is written of one row: values by field. Fields that are not named stay as they are.</summary>
/// <remarks>
/// A value is a <see cref="CellValue"/>, or what C# has for the field's type: text for texts, options, telephone numbers and links;
/// numbers; <see cref="bool"/>; <see cref="DateTimeOffset"/>, UTC <see cref="DateTime"/> or <see cref="DateOnly"/> (midnight in the
/// base's zone); enums for options; lists of text for options, people, chats, records and files. Null clears the cell.
/// </remarks>
public sealed class TableRow
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>A row to be made.</summary>
    public TableRow()
    {
    }

    /// <summary>
    /// A change of a record of which only the id is known: every value is written, and replaces what is there with its mentions, links and
    /// labels. What was read protects them (<see cref="TableRow(TableRecord)"/>).
    /// </summary>
    public TableRow(string recordId)
    {
        ArgumentException.ThrowIfNullOrEmpty(recordId);
        RecordId = recordId;
    }

    /// <summary>
    /// A change of a record that was read: only what differs from it is written, and nothing at all when nothing does. A link that is given
    /// as text or <see cref="Uri"/> and is the one that was read keeps its label.
    /// </summary>
    public TableRow(TableRecord read) : this((read ?? throw new ArgumentNullException(nameof(read))).Id) => Read = read;

    /// <summary>Which record is changed; null: one is made.</summary>
    public string? RecordId { get; }

    /// <summary>The values, by the field's name or id.</summary>
    public IReadOnlyDictionary<string, object?> Values => _values;

    internal TableRecord? Read { get; }

    /// <summary>Sets a field by its name or id.</summary>
    public TableRow Set(string field, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        _values[field] = value;
        return this;
    }
}
