using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What the company's administrator decides: how long messages can be recalled and edited, and which words are forbidden.</summary>
internal static class TenantCommand
{
    private const int MostSeconds = 366 * 24 * 3600;
    private const int MostWords = 1_000;

    public static JsonObject Show(EmulatorState state) => Show(state.Rules);

    public static JsonObject Change(EmulatorState state, ControlInput input)
    {
        input.Only("recall_seconds", "edit_seconds", "sensitive_words");
        var words = input.Texts("sensitive_words");
        if (words is { Count: > MostWords } || words?.Any(w => w.Length is 0 or > 100) == true) throw new ControlRefusal("\"sensitive_words\" are 1,000 at most, of 1 to 100 characters.");
        var (recall, edit) = (input.Int("recall_seconds", 0, MostSeconds), input.Int("edit_seconds", 0, MostSeconds));
        return Show(state.ChangeRules(rules => rules with
        {
            RecallWindow = recall is { } r ? TimeSpan.FromSeconds(r) : rules.RecallWindow, EditWindow = edit is { } e ? TimeSpan.FromSeconds(e) : rules.EditWindow,
            SensitiveWords = words is null ? rules.SensitiveWords : [.. words],
        }));
    }

    private static JsonObject Show(TenantRules rules) => new()
    {
        ["recall_seconds"] = (long)rules.RecallWindow.TotalSeconds, ["edit_seconds"] = (long)rules.EditWindow.TotalSeconds,
        ["sensitive_words"] = new JsonArray([.. rules.SensitiveWords.Select(w => (JsonNode?)w)]),
    };
}
