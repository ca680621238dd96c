using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands.Registered;

/// <summary>How the form of a command looks: while it is open, and when it was sent.</summary>
internal static class CommandFace
{
    /// <summary>With whose it is below: a form that asks for something says who will know the answer.</summary>
    public static CardMessage Open(CardMessage form, string owner) => form with
    {
        Footnote = owner.Length == 0 ? null : CommandFormTexts.WhatYouEnterGoesToSystem(owner),
    };

    /// <summary>What was entered, in place of the inputs.</summary>
    public static CardMessage Sent(StoredCall call)
    {
        var form = call.FormCard();
        var entered = call.Entered is { } json ? JsonNode.Parse(json)!.AsObject() : [];
        return Open(form, call.Owner) with
        {
            Inputs = [], Submit = null,
            Facts = [.. form.Facts, .. form.Inputs.Select(i => new CardFact(i.Label, Shown(i, entered[i.Id])))],
        };
    }

    private static LocalText Shown(CardInput input, JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "—",
        JsonValueKind.True => CommandFormTexts.Yes,
        JsonValueKind.False => CommandFormTexts.No,
        _ => input.Options.FirstOrDefault(o => o.Value == value.GetValue<string>())?.Label ?? LocalText.From(value.GetValue<string>()),
    };
}
