using System.Collections.Generic;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Facts;

/// <summary>One event or callback type, as the catalogue has it.</summary>
internal sealed class EventType
{
    public EventType(JsonValue json)
    {
        Name = json["type"]!.Text;
        Version = json["version"]!.Text;
        IsCallback = json["kind"]?.Text == "callback";
        Deprecated = json["deprecated"]?.IsTrue == true;
        Inferred = json["inferred"] is not null;
        Source = json["source"]?.Text;
        Doc = json["doc"]?.Text;
        Scopes = Field.Texts(json["scopes"]).ToArray();
        Fields = Field.ListOf(json["event"]);
    }

    /// <summary>Wire name, e.g. <c>im.message.receive_v1</c>.</summary>
    public string Name { get; }

    /// <summary>Schema: <c>2.0</c> or <c>1.0</c>.</summary>
    public string Version { get; }

    public bool IsCallback { get; }

    public bool Deprecated { get; }

    public bool Inferred { get; }

    public string? Source { get; }

    public string? Doc { get; }

    public string[] Scopes { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>
    /// The record that the runtime has by hand, if it has one: the card callbacks have an answer and a life of their own, and the runtime
    /// itself listens to app_ticket.
    /// </summary>
    public string? HandWritten => Name switch
    {
        "app_ticket" => "AppTicket",
        "card.action.trigger" => "CardActionTrigger",
        "card.action.trigger_v1" => "LegacyCardAction",
        _ => null,
    };
}
