using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Notifications;

/// <summary>Types of a notification's variables.</summary>
internal enum NotificationVariableKind
{
    /// <summary>Words: a string, or <c>{"zh": …, "en": …}</c>.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary><c>{"amount": "12345.60", "currency": "CNY"}</c>.</summary>
    Money,

    /// <summary><c>2026-04-01</c>, or a moment in ISO 8601.</summary>
    Date,

    /// <summary>A complete address: https, http, lark or feishu.</summary>
    Url,

    /// <summary>A recipient (<c>{"email": …}</c>…), a mail address, or a mere name.</summary>
    Person,
}

/// <summary>A variable of a notification type.</summary>
/// <param name="Name">Its name in <c>variables</c> and in placeholders.</param>
/// <param name="Kind">Its type.</param>
internal sealed record NotificationVariable(string Name, NotificationVariableKind Kind)
{
    /// <summary>A notification must give it.</summary>
    public bool Required { get; init; }

    /// <summary>What it is, for people.</summary>
    public LocalText? Label { get; init; }

    /// <summary>A value for previews, of its own type; null: one is made up.</summary>
    public JsonElement? Sample { get; init; }

    /// <summary>The kind as templates know it: all but addresses are formatted before.</summary>
    public TemplateVariable ForTemplate => new(Name, Kind == NotificationVariableKind.Url ? VariableKind.Url : VariableKind.Text) { Required = Required };

    /// <summary>The type's word.</summary>
    public string Word => Kind.ToString().ToLowerInvariant();
}

/// <summary>A value that was checked.</summary>
/// <param name="Text">As it is shown, in both languages; a person's is known only once they were looked up.</param>
internal sealed record NotificationValue(LocalText Text)
{
    /// <summary>The person who is to be looked up.</summary>
    public People.Recipient? Person { get; init; }
}
