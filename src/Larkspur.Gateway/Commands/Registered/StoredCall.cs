using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>Somebody called a registered command.</summary>
internal sealed record StoredCall
{
    /// <summary><c>cc_</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in lists; 0: not stored yet.</summary>
    public long Number { get; init; }

    public required string Command { get; init; }

    /// <summary>The system whose the command was when it was called: it alone hears of the call and answers it.</summary>
    public required string Owner { get; init; }

    public required string App { get; init; }

    public required string Platform { get; init; }

    public required CalledBy Person { get; init; }

    /// <summary>Behind the command.</summary>
    public required string Words { get; init; }

    /// <summary>The form as it was when it was shown, JSON; null: none.</summary>
    public string? Form { get; init; }

    /// <summary>What was entered, JSON; null: nothing yet, or there is no form.</summary>
    public string? Entered { get; init; }

    public required string ChatId { get; init; }

    public bool IsGroup { get; init; }

    public required string MessageId { get; init; }

    public required ReplyAddress Reply { get; init; }

    /// <summary><c>zh_cn</c>, <c>en_us</c>.</summary>
    public required string Locale { get; init; }

    public required string Reference { get; init; }

    public CallState State { get; init; }

    public int Answers { get; init; }

    public DateTimeOffset? RemindAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The form as a card.</summary>
    public CardMessage FormCard()
    {
        using var json = JsonDocument.Parse(Form ?? throw new InvalidOperationException("The call has no form."), RequestJson.Stored);
        return CardMessageReader.Read(json.RootElement, "/form");
    }
}

/// <summary>How far a call is. Stored as numbers.</summary>
internal enum CallState
{
    /// <summary>Its form is open.</summary>
    Form = 0,

    /// <summary>Its system is told, and has not answered.</summary>
    Called = 1,

    /// <summary>Its system has answered.</summary>
    Answered = 2,
}

/// <summary>Who called, as their system is told.</summary>
/// <param name="Id">The platform's main id of them.</param>
/// <param name="UserId">Their id within the company; null: not told.</param>
/// <param name="Name">As the platform's directory shows it; null: not told.</param>
/// <param name="PersonId">The gateway's person; null: none is known.</param>
/// <param name="External">They are no member of the company whose app they wrote to; null: not told.</param>
internal sealed record CalledBy(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("user_id")] string? UserId,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("person_id")] string? PersonId,
    [property: JsonPropertyName("external")] bool? External)
{
    public static CalledBy Of(CommandCaller caller) => new(caller.Id, caller.UserId, caller.Name, caller.PersonId, caller.IsExternal);
}
