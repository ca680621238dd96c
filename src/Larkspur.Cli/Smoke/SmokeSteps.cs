using System.Text.Json.Nodes;

namespace Larkspur.Cli.Smoke;

/// <summary>What all jobs of the smoke run do with answers.</summary>
internal static class SmokeSteps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static void Expect(bool held, string otherwise)
    {
        if (!held) throw new SmokeFailure(otherwise);
    }

    public static string Text(JsonNode node, string name) =>
        node[name]?.GetValue<string>() ?? throw new SmokeFailure($"no {name} in {node.ToJsonString()}");

    /// <summary>Callback values of a card's buttons.</summary>
    public static List<JsonNode> Buttons(JsonNode? node)
    {
        List<JsonNode> values = [];
        Walk(node);
        return values;

        void Walk(JsonNode? at)
        {
            if (at is JsonArray list) foreach (var item in list) Walk(item);
            if (at is not JsonObject part) return;
            if (part["tag"] is JsonValue tag && tag.GetValue<string>() == "button" && part["behaviors"]?[0]?["value"] is { } value) values.Add(value.DeepClone());
            foreach (var (_, child) in part) Walk(child);
        }
    }

    /// <summary>Asks again and again until the answer fits.</summary>
    public static async Task<JsonNode> UntilAsync(Func<Task<JsonNode>> ask, Func<JsonNode, bool> fits, string wanted, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(30));
        while (true)
        {
            var answer = await ask();
            if (fits(answer)) return answer;
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new SmokeFailure($"{wanted} within {Patience.TotalSeconds:0} s; the last answer was {answer.ToJsonString()}");
            }
        }
    }
}
