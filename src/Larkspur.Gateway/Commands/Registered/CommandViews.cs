using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>A text in both languages.</summary>
internal sealed record CommandTextView(string Zh, string En)
{
    public static CommandTextView Of(LocalText text) => new(text.Chinese, text.English);
}

/// <summary>A command of the table.</summary>
/// <param name="Name">Without slash.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Description">As <c>/help</c> has it.</param>
/// <param name="Origin"><c>gateway</c>, <c>plugin</c>, <c>system</c>.</param>
/// <param name="System">The system that registered it; null: none did, or no single one.</param>
/// <param name="Apps">For whose people it is; null: all.</param>
/// <param name="Form">As it was sent.</param>
/// <param name="Webhook">The webhook that is named.</param>
/// <param name="AnswerWithinSeconds">Null: of those that systems registered alone.</param>
/// <param name="HiddenBy">A command of the gateway or of a plug-in that has one of its names: calls go there. Null: none.</param>
internal sealed record CommandView(string Name, IReadOnlyList<string> Aliases, CommandTextView Description, string Origin, string? System,
    IReadOnlyList<string>? Apps, JsonElement? Form, string? Webhook, int? AnswerWithinSeconds, string? HiddenBy,
        DateTimeOffset? ChangedAt, string? ChangedBy)
{
    /// <summary>What platforms show less of: said when it is put.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

internal sealed record CommandListView(IReadOnlyList<CommandView> Items);

/// <summary>A call of a command.</summary>
/// <param name="Call">Its id.</param>
/// <param name="State"><c>form</c>: the form is open; <c>called</c>: the system knows; <c>answered</c>.</param>
internal sealed record CallView(string Call, string Command, string State, string? System, string App, string Platform, CalledBy Person,
    string Text,
    JsonElement? Form, string ChatId, string ChatType, string MessageId, string Locale, string Reference, int Answers,
        DateTimeOffset CreatedAt)
{
    public static CallView Of(StoredCall call) => new(call.Id, call.Command, StateOf(call.State), call.Owner.Length == 0
        ? null : call.Owner, call.App,
        call.Platform, call.Person, call.Words, call.Entered is { } json ? JsonSerializer.Deserialize<JsonElement>(json)
            : null, call.ChatId,
        call.IsGroup ? "group" : "private", call.MessageId, call.Locale, call.Reference, call.Answers, call.CreatedAt);

    private static string StateOf(CallState state) => state switch
    {
        CallState.Form => "form",
        CallState.Called => "called",
        _ => "answered",
    };
}

/// <param name="Next">Give it as cursor for the next page; null: there is none.</param>
internal sealed record CallListView(IReadOnlyList<CallView> Items, long? Next);

/// <param name="Answer">1 for the call's first.</param>
/// <param name="Notes">What the platform shows less of.</param>
internal sealed record CallAnswerView(string Call, int Answer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Notes);
