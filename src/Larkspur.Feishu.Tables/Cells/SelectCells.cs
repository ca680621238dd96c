namespace Larkspur.Feishu.Tables;

/// <summary>
/// One option of a single select, by its name: so it is read and written. Events carry the option's id, which the field's list names.
/// </summary>
public sealed class SelectCell : CellValue
{
    /// <summary>An option by its name; with its id when it is known.</summary>
    public SelectCell(string name, string? optionId = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Option = new(optionId, name);
    }

    internal SelectCell(ChosenOption option) => Option = option;

    /// <summary>The option.</summary>
    public ChosenOption Option { get; }

    /// <summary>The option's name; its id when the field's list, as it was read, does not have it (read the list anew).</summary>
    public string Name => Option.Name ?? Option.Id ?? "";

    /// <inheritdoc/>
    public override bool IsEmpty => Name.Length == 0;

    private protected override string Kind => "select";

    private protected override string Body => Option.Key;
}

/// <summary>Options of a multiple select, by their names. Their order means nothing; a name stands there once.</summary>
/// <remarks>
/// At most 1,000 in a cell. A new name given twice makes two equal options on the platform; this type cannot hold one twice.
/// </remarks>
public sealed class MultiSelectCell : CellValue
{
    /// <summary>Most options in a cell.</summary>
    public const int MostOptions = 1000;

    /// <summary>Options by their names.</summary>
    public MultiSelectCell(IEnumerable<string> names) : this(names.Select(name => new ChosenOption(null, name)))
    {
    }

    internal MultiSelectCell(IEnumerable<ChosenOption> options) =>
        Options = [.. options.Where(option => option.Key.Length > 1).DistinctBy(option => option.Key, StringComparer.Ordinal)];

    /// <summary>The options, in the order they were read.</summary>
    public IReadOnlyList<ChosenOption> Options { get; }

    /// <summary>Their names; of one that the field's list does not have, its id.</summary>
    public IEnumerable<string> Names => Options.Select(option => option.Name ?? option.Id!);

    /// <inheritdoc/>
    public override bool IsEmpty => Options.Count == 0;

    private protected override string Kind => "options";

    private protected override string Body => Joined(Options.Select(option => option.Key).Order(StringComparer.Ordinal));
}

/// <summary>An option that was chosen.</summary>
/// <param name="Id"><c>opt…</c>; null when the shape carries names and the field does not know the name.</param>
/// <param name="Name">Its name; null when an event carries an id that the field's list does not have.</param>
public sealed record ChosenOption(string? Id, string? Name)
{
    internal string Key => Name is null ? $"#{Id}" : $"={Name}";
}
