using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>A card that was sent as a <see cref="CardMessage"/>, as it is remembered.</summary>
/// <param name="Id">Its id; comes back with every click.</param>
/// <param name="App">The app that sent it.</param>
/// <param name="Key">The caller's own name for the message.</param>
/// <param name="Model">The message as it was asked for: JSON.</param>
internal sealed record StoredCard(string Id, string App, string Key, string Model)
{
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The system whose card it is; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The action that decided it, or null.</summary>
    public string? DecidedAction { get; init; }

    /// <summary>
    /// The same request gives the same id, so that a repeat under its key is the same message; without the secret nobody can tell it.
    /// </summary>
    /// <param name="secret">The key of ids, the same for all processes.</param>
    /// <param name="app">The app that sends it.</param>
    /// <param name="key">The caller's own name for the message.</param>
    /// <param name="model">The message as it was asked for: JSON.</param>
    public static string IdOf(byte[] secret, string app, string key, string model) =>
        "cm" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Inputs(app, key, model)).AsSpan(0, 16));

    /// <summary>The id that the same request had before ids were secret: by it a repeat of a request from then is known.</summary>
    public string FormerId => "cm" + Convert.ToHexStringLower(SHA256.HashData(Inputs(App, Key, Model)).AsSpan(0, 12));

    private static byte[] Inputs(string app, string key, string model) => Encoding.UTF8.GetBytes($"{app}\n{key}\n{model}");
}

/// <summary>What somebody did on a card.</summary>
internal sealed record CardActionRow
{
    public const string Done = "done";
    public const string Repeated = "repeated";
    public const string Refused = "refused";
    public const string Incomplete = "incomplete";

    public required string Action { get; init; }

    public required string Outcome { get; init; }

    public required string PersonId { get; init; }

    public string? PersonName { get; init; }

    public string? MessageId { get; init; }

    public string? Form { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>A click, understood.</summary>
/// <param name="Card">The card.</param>
/// <param name="Message">What it says.</param>
/// <param name="Action">What was clicked.</param>
/// <param name="Form">What was entered, by the inputs' kinds: JSON; null: there is no form.</param>
internal sealed record CardDecision(StoredCard Card, CardMessage Message, CardMessageAction Action, string? Form);
