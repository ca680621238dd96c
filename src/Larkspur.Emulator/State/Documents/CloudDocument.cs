using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Documents;

/// <summary>A file of the company's cloud space. Only those of type <c>docx</c> have blocks; the others are names that links lead to.</summary>
public sealed record CloudDocument
{
    /// <summary>27 letters and digits; for a <c>docx</c> the <c>document_id</c> and the id of its page block.</summary>
    public required string Token { get; init; }

    /// <summary><c>docx</c>, <c>doc</c>, <c>sheet</c>, <c>bitable</c>, <c>mindnote</c>, <c>file</c> or <c>slides</c>.</summary>
    public string Type { get; init; } = "docx";

    public required string Title { get; init; }

    /// <summary>A <c>user_id</c> or an <c>app_id</c>.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The wire's <c>link_share_entity</c>.</summary>
    public string LinkShare { get; init; } = "closed";

    /// <summary>Who may see and manage collaborators: the wire's <c>manage_collaborator_entity</c>.</summary>
    public string ManageCollaborators { get; init; } = "collaborator_can_view";

    /// <summary>Without the owner.</summary>
    public ImmutableArray<DocumentMember> Members { get; init; } = [];

    /// <summary>All blocks by id; the page's has the document's token.</summary>
    public ImmutableDictionary<string, DocumentBlock> Blocks { get; init; } = ImmutableDictionary<string, DocumentBlock>.Empty;

    /// <summary>Characters of all blocks together.</summary>
    public long TextLength { get; init; }

    public long Revision { get; init; } = 1;
    public bool Deleted { get; init; }
    public DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset UpdateTime { get; init; }

    /// <summary>A document with nothing but its title.</summary>
    public static CloudDocument Empty(string token, string title, string ownerId, DateTimeOffset now) => new()
    {
        Token = token, Title = title, OwnerId = ownerId, CreateTime = now, UpdateTime = now, TextLength = title.Length,
        Blocks = ImmutableDictionary<string, DocumentBlock>.Empty.Add(token, new DocumentBlock(token, "", BlockTypes.Page, DocumentLines.Of(BlockTypes.Page, title).Body, title, [])),
    };

    /// <summary>The text alone, a line for each block that has any.</summary>
    public string PlainText() => string.Join('\n', InOrder().Where(b => BlockTypes.HasText(b.Type)).Select(b => b.Text)) + "\n";

    /// <summary>The blocks as they are read: each before its children.</summary>
    public IEnumerable<DocumentBlock> InOrder() => Under(Token);

    /// <summary>A block and all that hang under it.</summary>
    public IEnumerable<DocumentBlock> Under(string blockId)
    {
        var left = new Stack<string>([blockId]);
        while (left.TryPop(out var id))
        {
            if (!Blocks.TryGetValue(id, out var block)) continue;
            yield return block;
            for (var i = block.Children.Length - 1; i >= 0; i--) left.Push(block.Children[i]);
        }
    }
}

/// <param name="Type">The wire's <c>block_type</c>.</param>
/// <param name="Body">JSON of the member that the type names.</param>
/// <param name="Text">Its plain text.</param>
public sealed record DocumentBlock(string BlockId, string ParentId, int Type, string Body, string Text, ImmutableArray<string> Children);

/// <summary>Somebody a document was shared with.</summary>
/// <param name="Type">The wire's <c>type</c>, and <c>app</c> for an app.</param>
/// <param name="Id">A <c>user_id</c>, <c>chat_id</c>, <c>open_department_id</c>, <c>app_id</c>, id of a group of users, or <c>space_id</c>.</param>
/// <param name="Perm"><c>view</c>, <c>edit</c> or <c>full_access</c>.</param>
/// <param name="PermType">In a wiki: <c>container</c> (with the pages below) or <c>single_page</c>.</param>
public sealed record DocumentMember(string Type, string Id, string Perm, string PermType = "container");
