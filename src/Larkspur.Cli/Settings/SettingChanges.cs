using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Settings;

/// <summary><c>larkspur settings set</c> and <c>unset</c>: all that one call names, or nothing of it.</summary>
internal static class SettingChanges
{
    public static Verb Set()
    {
        var values = new Argument<string[]>("key=value") { Description = "KEY=VALUE, one or several. KEY alone takes its value from the input: the only way for a secret.", Arity = ArgumentArity.OneOrMore };
        return new Verb("set", "Change settings, all of them or none; in force at once.",
            "larkspur settings set auth.feishu.enabled=true auth.feishu.notify_on_pr=true", "larkspur settings set notifications.quiet_hours=22:00-08:00", "larkspur settings set auth.feishu.app_secret < secret.txt") { values }.Asks(async call =>
        {
            var pairs = call.Get(values).Select(Pair).ToArray();
            if (pairs.Count(p => p.Value is null) > 1) throw new CallFailure(ExitCodes.Usage, "one value can come from the input, not several.");
            // What a value is (a switch, a number, a secret) the gateway knows.
            var known = await SettingsCommand.AllAsync(call);
            var changes = new JsonObject();
            foreach (var (key, value) in pairs)
            {
                var setting = SettingsCommand.Find(known, key);
                if (changes.ContainsKey(key)) throw new CallFailure(ExitCodes.Usage, $"{key} is given twice.");
                if (setting.Kind == "secret" && value is not null) throw new CallFailure(ExitCodes.Usage, $"{key} is a secret: others on this machine see arguments. Give it by the input: larkspur settings set {key} < FILE");
                changes[key] = Value(setting, value ?? await SecretInput.ReadAsync("-", key, call.Cancellation));
            }

            return await ChangeAsync(call, changes);
        });
    }

    public static Verb Unset()
    {
        var keys = new Argument<string[]>("key") { Description = "The settings, one or several.", Arity = ArgumentArity.OneOrMore };
        return new Verb("unset", "Take values away, so that the defaults count.", "larkspur settings unset notifications.quiet_hours") { keys }.Asks(call =>
        {
            var changes = new JsonObject();
            foreach (var key in call.Get(keys)) changes[key] = null;
            return ChangeAsync(call, changes);
        });
    }

    private static async Task<int> ChangeAsync(VerbCall call, JsonObject changes)
    {
        var answer = await call.AskAsync((client, limited) => client.Settings.ChangeAsync(JsonSerializer.SerializeToElement(changes), limited));
        var changed = answer.Groups.SelectMany(g => g.Settings).Where(s => changes.ContainsKey(s.Key)).ToList();
        if (call.Json) JsonOut.Write(new { items = changed });
        else foreach (var setting in changed) Console.Out.WriteLine(Printable.Line($"{setting.Key}: {(SettingsCommand.Shown(setting) is { Length: > 0 } value ? value : "(none)")}"));
        foreach (var app in answer.Apps.Where(a => a.State == "incomplete"))
            Fail.Say($"the {app.Platform} app {app.Name} is not connected: {(Words.AreChinese ? app.Reason?.Zh : app.Reason?.En)}");
        return ExitCodes.Done;
    }

    private static (string Key, string? Value) Pair(string given) => given.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (given[..at], given[(at + 1)..]) : (given, null);

    /// <summary>As its kind has it; what does not fit goes as a text, which the gateway refuses in its own words.</summary>
    private static JsonValue Value(SettingView setting, string value) => setting.Kind switch
    {
        "flag" when bool.TryParse(value, out var flag) => JsonValue.Create(flag),
        "number" when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(value),
    };
}
