using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Documents;

/// <summary>A block with all that hangs under it, before it is in a document.</summary>
/// <param name="Body">JSON of the member that the type names; a table's without its cells.</param>
/// <param name="TemporaryId">What the caller calls it until then.</param>
public sealed record NewBlock(int Type, string Body, string Text, ImmutableArray<NewBlock> Children, string? TemporaryId = null)
{
    /// <summary>This block and all under it.</summary>
    public int Count => 1 + Children.Sum(c => c.Count);

    public long TextLength => Text.Length + Children.Sum(c => c.TextLength);

    public int Depth => 1 + (Children.IsEmpty ? 0 : Children.Max(c => c.Depth));

    /// <summary>Puts blocks into a document, among the children of one of its blocks.</summary>
    /// <param name="at">From 0 to the number of children.</param>
    /// <param name="newId">Makes ids of blocks.</param>
    /// <param name="made">Every new block's id by its temporary one.</param>
    /// <returns>The document, and the new children's ids.</returns>
    public static (CloudDocument Document, ImmutableArray<string> Ids) Insert(
        CloudDocument document, string parentId, int at, IEnumerable<NewBlock> blocks, Func<string> newId, IDictionary<string, string>? made = null)
    {
        var all = document.Blocks.ToBuilder();
        var length = 0L;
        ImmutableArray<string> ids = [.. blocks.Select(b => Add(b, parentId))];
        var parent = all[parentId];
        all[parentId] = parent with { Children = parent.Children.InsertRange(at, ids) };
        return (document with { Blocks = all.ToImmutable(), TextLength = document.TextLength + length }, ids);

        string Add(NewBlock block, string under)
        {
            var id = newId();
            if (block.TemporaryId is { } temporary) made?.Add(temporary, id);
            length += block.Text.Length;
            all[id] = new DocumentBlock(id, under, block.Type, block.Body, block.Text, [.. block.Children.Select(c => Add(c, id))]);
            return id;
        }
    }
}
