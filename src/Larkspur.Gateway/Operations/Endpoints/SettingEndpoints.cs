using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>What administrators set at run time.</summary>
internal static class SettingEndpoints
{
    private const int LargestBody = 64 << 10;
    private const int MostAtOnce = 100;

    public static void MapSettings(this IEndpointRouteBuilder api)
    {
        var settings = api.MapGroup("/settings");
        settings.MapGet("", (ISettings on, IEnumerable<IAppStates> apps) => TypedResults.Ok(ViewOf(on.Now,
            apps))).Needs(ApiScopes.SettingsRead)
            .WithName("ListSettings").WithSummary("All settings of run time, where their values come from, and how the apps stand")
            .WithDescription("Secrets are never shown: is_set says whether there is one.")
            .Produces<SettingsView>().Refuses();
        settings.MapPatch("", ChangeAsync).Needs(ApiScopes.SettingsWrite)
            .WithName("ChangeSettings").WithSummary("Change settings, all of them or none")
            .WithDescription("An object of keys and values: true, false, a number, a text, or null, which takes the value away so that its default counts. In force in this process when it answers, in others a moment later.")
            .Takes<JsonElement>().Produces<SettingsView>().Refuses(400, 413, 415, 422);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, ISettings settings, IEnumerable<IAppStates> apps,
        CancellationToken cancellation)
    {
        var body = await RequestJson.ReadElementAsync(http.Request, LargestBody, cancellation);
        var values = Read(body, settings.Now);
        try
        {
            return TypedResults.Ok(ViewOf(await settings.ChangeAsync(Caller.Of(http), values, cancellation), apps));
        }
        catch (SettingRefusedException e)
        {
            throw new RequestRefusedException(StatusCodes.Status422UnprocessableEntity, e.Word, Pointer(e.Key), e.Sentence.English + ".")
            {
                Chinese = e.Sentence.Chinese + "。",
            };
        }
    }

    private static Dictionary<string, string?> Read(JsonElement body, SettingsState now)
    {
        // Reads the names too, half characters and all.
        var fields = JsonFields.Of(body, "");
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            if (values.Count == MostAtOnce) throw RequestRefusedException.Impossible("too_many", null, $"At most {MostAtOnce} settings at once.");
            var definition = now.All.FirstOrDefault(v => v.Definition.Key == member.Name)?.Definition
                ?? throw RequestRefusedException.Impossible("unknown_setting", fields.At(JsonFields.Shown(member.Name)), "There is no such setting.");
            values[member.Name] = Text(definition, member.Value);
        }

        return values.Count > 0 ? values : throw RequestRefusedException.Impossible("empty", null, "Name at least one setting.");
    }

    private static string? Text(SettingDefinition definition, JsonElement value)
    {
        var pointer = Pointer(definition.Key);
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.True or JsonValueKind.False when definition.Kind == SettingKind.Flag:
                return value.GetBoolean() ? "true" : "false";
            case JsonValueKind.Number when definition.Kind == SettingKind.Number && value.TryGetInt32(out var number):
                return number.ToString(CultureInfo.InvariantCulture);
            case JsonValueKind.String when definition.Kind is SettingKind.Text or SettingKind.Secret or SettingKind.Choice:
                return JsonFields.TextOf(value, pointer);
            default:
                throw RequestRefusedException.Impossible("wrong_type", pointer, definition.Kind switch
                {
                    SettingKind.Flag => "It must be true, false or null.",
                    SettingKind.Number => "It must be a whole number or null.",
                    _ => "It must be a text or null.",
                });
        }
    }

    private static string Pointer(string key) => "/" + JsonFields.Shown(key).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static SettingsView ViewOf(SettingsState state, IEnumerable<IAppStates> apps) => new(state.Version,
        [.. state.All.GroupBy(v => GroupOf(v.Definition.Key), StringComparer.Ordinal).Select(g => new SettingGroupView(g.Key, [.. g.Select(ViewOf)]))],
        [.. apps.SelectMany(of => of.States.Select(s => new AppView(of.Platform, s.Name, s.Word, s.AppId, s.IsStored ? "stored"
            : "environment", s.Reason is { } reason ? TextView.Of(reason) : null)))]);

    private static string GroupOf(string key) => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : key;

    private static SettingView ViewOf(SettingValue value)
    {
        var definition = value.Definition;
        var secret = definition.Kind == SettingKind.Secret;
        return new SettingView
        {
            Key = definition.Key,
            Kind = definition.Kind.ToString().ToLowerInvariant(),
            Value = secret || value.Text.Length == 0 ? null : definition.Kind switch
            {
                SettingKind.Flag => JsonSerializer.SerializeToElement(value.Text == "true"),
                SettingKind.Number => JsonSerializer.SerializeToElement(int.Parse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
                _ => JsonSerializer.SerializeToElement(value.Text),
            },
            IsSet = value.Text.Length > 0,
            Source = value.Source.ToString().ToLowerInvariant(),
            Variable = definition.Variable,
            Choices = definition.Choices.Count > 0 ? definition.Choices : null,
            Title = TextView.Of(definition.Title),
            Help = TextView.Of(definition.Help),
            Problem = value.IsUnreadable ? "cannot_decrypt" : null,
            ChangedAt = value.ChangedAt,
            ChangedBy = value.ChangedBy,
        };
    }
}

/// <summary>A text in both languages.</summary>
internal sealed record TextView(string Zh, string En)
{
    public static TextView Of(LocalText text) => new(text.Chinese, text.English);
}

/// <summary>All settings.</summary>
/// <param name="Version">Higher after each change.</param>
/// <param name="Groups">By what stands before the last full stop of their keys.</param>
/// <param name="Apps">How the apps stand.</param>
internal sealed record SettingsView(long Version, IReadOnlyList<SettingGroupView> Groups, IReadOnlyList<AppView> Apps);

/// <summary>Settings that belong together.</summary>
internal sealed record SettingGroupView(string Name, IReadOnlyList<SettingView> Settings);

/// <summary>One setting.</summary>
internal sealed record SettingView
{
    public required string Key { get; init; }

    /// <summary><c>flag</c>, <c>text</c>, <c>secret</c>, <c>choice</c>, <c>number</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Of its kind; null: none, or a secret.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>It has a value.</summary>
    public required bool IsSet { get; init; }

    /// <summary><c>default</c>, <c>environment</c> (cannot be changed here), <c>stored</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The environment variable that comes first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variable { get; init; }

    /// <summary>The values of a choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Choices { get; init; }

    public required TextView Title { get; init; }

    public required TextView Help { get; init; }

    /// <summary><c>cannot_decrypt</c>: the secret has to be set again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public string? ChangedBy { get; init; }
}

/// <summary>How an app stands.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>connected</c>, <c>off</c>, <c>incomplete</c>.</param>
/// <param name="AppId">Its id, when one is known.</param>
/// <param name="Source"><c>environment</c> or <c>stored</c>.</param>
/// <param name="Reason">Why it is not connected.</param>
internal sealed record AppView(string Platform, string Name, string State, string? AppId, string Source, TextView? Reason);
