using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>A block that is about to be made, with what hangs under it.</summary>
/// <param name="Type">The platform's number.</param>
/// <param name="Member">The member that holds its content.</param>
/// <param name="Body">The content.</param>
internal sealed record WrittenBlock(int Type, string Member, JsonObject Body)
{
    /// <summary>Under it, in order.</summary>
    public List<WrittenBlock> Children { get; init; } = [];

    /// <summary>This one and all under it.</summary>
    public int Count => 1 + Children.Sum(c => c.Count);

    /// <summary>A block whose content is a line.</summary>
    public static WrittenBlock Line(int type, JsonArray elements, JsonObject? style = null) =>
        new(type, MemberOf(type), new JsonObject { ["elements"] = elements, ["style"] = style ?? [] });

    /// <summary>A block without text of its own.</summary>
    public static WrittenBlock Container(int type, string member, IEnumerable<WrittenBlock> children, JsonObject? body = null) => new(type, member, body ?? []) { Children = [.. children] };

    private static string MemberOf(int type) => type switch
    {
        BlockType.Text => "text", BlockType.Bullet => "bullet", BlockType.Ordered => "ordered", BlockType.Code => "code", BlockType.Quote => "quote", BlockType.Todo => "todo",
        >= BlockType.Heading1 and <= BlockType.Heading9 => $"heading{type - BlockType.Heading1 + 1}",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a block with a line of text"),
    };
}
