using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Contexts;

/// <summary>A gateway and the key to it, under a name.</summary>
/// <param name="Url">The address, with a slash at its end.</param>
/// <param name="Key">The REST key. It is never printed.</param>
internal sealed record Context([property: JsonPropertyName("url")] string Url, [property: JsonPropertyName("key")] string Key)
{
    /// <summary>Without the key: what is printed by accident gives nothing away.</summary>
    public override string ToString() => Url;
}

/// <summary>What <c>larkspur login</c> keeps, as it stands in the file.</summary>
internal sealed class KeptContexts
{
    /// <summary>Which is in force; null: none.</summary>
    [JsonPropertyName("current")]
    public string? Current { get; set; }

    [JsonPropertyName("contexts")]
    public SortedDictionary<string, Context> All { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The one that is in force; null: none.</summary>
    public Context? InForce => Current is { } name ? All.GetValueOrDefault(name) : null;

    /// <exception cref="CallFailure">There is none of this name.</exception>
    public Context Find(string name)
    {
        if (All.TryGetValue(name, out var found)) return found;
        throw new CallFailure(ExitCodes.Usage, All.Count == 0
            ? Words.Of($"there is no context \"{name}\", and no other one: larkspur login keeps the first.",
                $"没有名为“{name}”的上下文，也没有别的：请先运行 larkspur login。")
            : Words.Of($"there is no context \"{name}\".", $"没有名为“{name}”的上下文。") + Nearest.Sentence(name, All.Keys)
                + Words.Of(" larkspur contexts list has them all.", "全部列表见 larkspur contexts list。"));
    }
}
