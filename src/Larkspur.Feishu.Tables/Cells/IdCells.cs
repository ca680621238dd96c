namespace Larkspur.Feishu.Tables;

/// <summary>Ids of something: people, chats, records, files. Their order means nothing, and an id stands there once.</summary>
public abstract class IdCell : CellValue
{
    private protected IdCell(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        Ids = [.. ids.Where(id => !string.IsNullOrEmpty(id)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The ids, in the order they were read.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <inheritdoc/>
    public override bool IsEmpty => Ids.Count == 0;

    private protected override string Body => Joined(Ids.Order(StringComparer.Ordinal));
}

/// <summary>
/// People, also who made or changed a record, by the kind of id that was asked for (<c>open_id</c> when nothing was said).
/// </summary>
/// <remarks>At most 1,000 in a cell. An <c>open_id</c> is the app's own; what is kept elsewhere is better a <c>user_id</c>.</remarks>
public sealed class PeopleCell(params IEnumerable<string> ids) : IdCell(ids)
{
    /// <summary>Most people in a cell.</summary>
    public const int Most = 1000;

    private protected override string Kind => "people";
}

/// <summary>Chats, by <c>oc_…</c>. At most 10 in a cell.</summary>
public sealed class GroupsCell(params IEnumerable<string> ids) : IdCell(ids)
{
    /// <summary>Most chats in a cell.</summary>
    public const int Most = 10;

    private protected override string Kind => "groups";
}

/// <summary>Records of another table (or the same), by <c>rec…</c>. At most 500 in a cell.</summary>
public sealed class LinksCell(params IEnumerable<string> ids) : IdCell(ids)
{
    /// <summary>Most records in a cell.</summary>
    public const int Most = 500;

    private protected override string Kind => "links";
}

/// <summary>Files, by their tokens. At most 100 in a cell; a token is valid in its own base only.</summary>
public sealed class AttachmentsCell : IdCell
{
    /// <summary>Most files in a cell.</summary>
    public const int Most = 100;

    /// <summary>Files by their tokens.</summary>
    public AttachmentsCell(params IEnumerable<string> fileTokens) : this(fileTokens.Select(token => new TableFile(token)))
    {
    }

    /// <summary>Files as they were read.</summary>
    public AttachmentsCell(IEnumerable<TableFile> files) : this([.. files])
    {
    }

    private AttachmentsCell(TableFile[] files) : base(files.Select(file => file.Token)) => Files = files;

    /// <summary>
    /// The files with what was said of them. Only their tokens are compared: addresses change with every edit of the table.
    /// </summary>
    public IReadOnlyList<TableFile> Files { get; }

    private protected override string Kind => "files";
}

/// <summary>A file in a cell.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ContentType">MIME type.</param>
/// <param name="Url">Where it is fetched with a token; with advanced permissions its <c>extra</c> must come along.</param>
public sealed record TableFile(string Token, string? Name = null, long? Size = null, string? ContentType = null, string? Url = null);
