using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Blocks of one request that name each other by ids of the caller's. Each must be used exactly once.</summary>
internal sealed class RequestedBlocks
{
    private readonly ApiRequest _request;
    private readonly int _deepest;
    private readonly Dictionary<string, JsonObject> _left = new(StringComparer.Ordinal);

    /// <exception cref="ApiRefusedException">1770019: two have the same id; 1770006: one has none.</exception>
    public RequestedBlocks(ApiRequest request, IEnumerable<JsonObject> blocks, int deepest)
    {
        (_request, _deepest) = (request, deepest);
        foreach (var block in blocks)
        {
            if (block["block_id"] is not JsonValue v || !v.TryGetValue<string>(out var id) || id.Length == 0) throw request.Refuse(1770006);
            if (!_left.TryAdd(id, block)) throw request.Refuse(1770019);
        }
    }

    /// <summary>The trees under these ids; nothing may be left over.</summary>
    /// <exception cref="ApiRefusedException">1770006: one is named that is not there, or is there and never named; 1770005: too deep; and what <see cref="BlockReader"/> refuses.</exception>
    public IReadOnlyList<NewBlock> Take(IEnumerable<string> ids)
    {
        var blocks = ids.Select(id => Take(id, 1)).ToArray();
        return _left.Count == 0 ? blocks : throw _request.Refuse(1770006);
    }

    private NewBlock Take(string id, int depth)
    {
        if (depth > _deepest) throw _request.Refuse(1770005);
        if (!_left.Remove(id, out var block)) throw _request.Refuse(1770006);
        ImmutableArray<NewBlock> children = [.. (block["children"] as JsonArray ?? []).Select(c =>
            c is JsonValue v && v.TryGetValue<string>(out var child) ? Take(child, depth + 1) : throw _request.Refuse(1770006))];
        // A cell always has a line.
        if (BlockReader.TypeOf(block) == BlockTypes.TableCell && children.IsEmpty) children = [DocumentLines.Of(BlockTypes.Text, "")];
        return BlockReader.Read(_request, block, children, id);
    }
}
