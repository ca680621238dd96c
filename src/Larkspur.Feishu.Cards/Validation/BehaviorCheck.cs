using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>What a component does when it is used: opens an address, calls back.</summary>
internal static class BehaviorCheck
{
    public static void List(CardInspection c, JsonElement list)
    {
        var (index, opens, calls) = (0, 0, 0);
        foreach (var behavior in list.EnumerateArray())
        {
            if (c.IsFull) return;
            c.Path.Push(index++);
            switch (One(c, behavior))
            {
                case "open_url" when ++opens == 2:
                case "callback" when ++calls == 2:
                    c.Warn(CardRules.Behavior, "Two behaviors of one kind: only one has an effect.", "Keep one.");
                    break;
            }

            c.Path.Pop();
        }
    }

    private static string? One(CardInspection c, JsonElement behavior)
    {
        if (behavior.ValueKind != JsonValueKind.Object)
        {
            c.Error(CardRules.WrongType, $"A behavior is {JsonTypes.Name(behavior.ValueKind)}; it must be an object.", "Write {\"type\":\"callback\",\"value\":{…}}.");
            return null;
        }

        if (CardInspection.Text(behavior, "type") is not { } type)
        {
            c.Error(CardRules.MissingProperty, "\"type\" is missing.", "Use one of: callback, open_url.");
            return null;
        }

        var schema = CardSchema.Instance;
        if (!schema.Behaviors.TryGetValue(type, out var fields))
        {
            c.ErrorAt("type", CardRules.Value, $"{CardInspection.Quote(type)} is no behavior.",
                Suggestion.OneOf(type, schema.Behaviors.Keys),
                CardEdit.Near(Suggestion.Nearest(type, schema.Behaviors.Keys)));
            return null;
        }

        if (!schema.BehaviorComponents[type].Contains(c.Tag))
        {
            c.Error(CardRules.Behavior, $"\"{c.Tag}\" cannot have the behavior \"{type}\".", $"It is for: {string.Join(", ", schema.BehaviorComponents[type].Order(StringComparer.Ordinal))}.");
        }

        if (type == "callback" && c.Options.ForCustomBot)
        {
            c.Error(CardRules.CallbackOfCustomBot, "A custom bot's card cannot call back: there is no app that takes it.", "Use open_url, or send the card with an app's bot.");
        }

        FieldCheck.Object(c, behavior, fields);
        return type;
    }
}
