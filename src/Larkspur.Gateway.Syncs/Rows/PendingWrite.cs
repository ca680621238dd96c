using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>
/// What was put down before it was sent. Whoever finds it after a crash knows: a value that the side has and that stands here was common to
/// both sides; a row that was to be made may be there already.
/// </summary>
/// <param name="Run">The run that sent it.</param>
/// <param name="Table">What the table was to get; null: nothing.</param>
/// <param name="Source">What the source was to get.</param>
internal sealed record PendingWrite(long Run, PendingSide? Table, PendingSide? Source)
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public PendingSide? Of(SideName side) => side == SideName.Table ? Table : Source;

    public static PendingWrite Read(string json) => JsonSerializer.Deserialize<PendingWrite>(json, Plain)!;

    public string ToJson() => JsonSerializer.Serialize(this, Plain);
}

/// <summary>What one side was to get.</summary>
/// <param name="Kind">What was to be done.</param>
/// <param name="Values">By the table's field ids.</param>
/// <param name="Before">What was there, by the same.</param>
/// <param name="Losses">Fields whose old value nobody on the other side had seen.</param>
internal sealed record PendingSide(
    WriteKind Kind, IReadOnlyDictionary<string, string?> Values, IReadOnlyDictionary<string, string?> Before, IReadOnlyList<string> Losses);
