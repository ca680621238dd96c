using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Settings;

/// <summary><c>larkspur settings</c>: what administrators switch while the gateway runs.</summary>
internal static class SettingsCommand
{
    public static Command Create() => new("settings", "Settings of run time: list, get, set, unset.") { List(), Get(), SettingChanges.Set(), SettingChanges.Unset() };

    private static Verb List()
    {
        var prefix = new Argument<string?>("prefix") { Description = "Only keys that begin so, like notifications.", Arity = ArgumentArity.ZeroOrOne };
        return new Verb("list", "Settings, their values and where these come from. Of secrets only whether there is one.", "larkspur settings list", "larkspur settings list auth.feishu") { prefix }.Asks(async call =>
        {
            var settings = await AllAsync(call);
            return ListView.Print(call, [.. settings.Where(s => s.Key.StartsWith(call.Parsed.GetValue(prefix) ?? "", StringComparison.Ordinal))], false,
                new("Setting", s => s.Key), new("Value", Shown), new("Source", s => s.Source == "environment" && s.Variable is { } variable ? variable : s.Source), new("What it is", s => Words.AreChinese ? s.Title.Zh : s.Title.En));
        });
    }

    private static Verb Get()
    {
        var key = new Argument<string>("key") { Description = "The setting, like auth.feishu.enabled." };
        return new Verb("get", "A setting's value, and nothing else; of a secret whether it is set. Exit 1: it has none.", "larkspur settings get auth.feishu.enabled", "larkspur settings get auth.feishu.enabled --json") { key }.Asks(async call =>
        {
            var setting = Find(await AllAsync(call), call.Get(key));
            if (call.Json) JsonOut.Write(setting);
            else if (setting.Kind == "secret") Console.Out.WriteLine(Shown(setting));
            else if (setting.Value is { ValueKind: not JsonValueKind.Null } value) Console.Out.WriteLine(Printable.Line(TextOf(value)));
            return setting.IsSet ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    public static async Task<IReadOnlyList<SettingView>> AllAsync(VerbCall call) => [.. (await call.AskAsync((client, limited) => client.Settings.ListAsync(limited))).Groups.SelectMany(g => g.Settings)];

    /// <exception cref="CallFailure">There is none.</exception>
    public static SettingView Find(IReadOnlyList<SettingView> settings, string key) =>
        settings.FirstOrDefault(s => s.Key == key) ?? throw new CallFailure(ExitCodes.Refused, $"there is no setting \"{key}\". larkspur settings list has them all.");

    /// <summary>The value for a list.</summary>
    public static string Shown(SettingView setting) => setting switch
    {
        { Problem: { } problem } => problem,
        { Kind: "secret" } => setting.IsSet ? "(set)" : "",
        { Value: { ValueKind: not JsonValueKind.Null } value } => TextOf(value),
        _ => "",
    };

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
