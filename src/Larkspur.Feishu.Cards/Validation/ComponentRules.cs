using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>What components have for rules beyond their fields.</summary>
internal static class ComponentRules
{
    /// <param name="c">The walk, standing at the component, with <see cref="CardInspection.Form"/> the form it is in or is.</param>
    /// <param name="element">The component.</param>
    /// <param name="component">Its entry in the catalogue.</param>
    /// <param name="outerForm">The form around it.</param>
    public static void Check(CardInspection c, JsonElement element, SchemaComponent component, FormState? outerForm)
    {
        switch (component.Tag)
        {
            case "form":
                FormCheck.Form(c, element, outerForm);
                return;
            case "button":
                ButtonCheck.Check(c, element);
                return;
            case "table":
                c.Tables++;
                TableCheck.Check(c, element);
                return;
            case "chart":
                Chart(c, element);
                return;
            case "img_combination":
                Combination(c, element);
                return;
            case "person" when CardInspection.Text(element, "user_id") is { } id && string.IsNullOrWhiteSpace(id):
                c.ErrorAt("user_id", CardRules.MentionOfNobody, "The person has no id.", "Give an open_id (ou_…), union_id or user_id.");
                return;
            case "audio":
                Audio(c, element);
                return;
            case "person_list":
                Persons(c, element);
                return;
        }

        if (!component.TakesInput) return;
        FormCheck.Item(c, element, component);
        OptionCheck.Check(c, element);
    }

    private static void Chart(CardInspection c, JsonElement element)
    {
        if (!element.TryGetProperty("chart_spec", out var spec) || spec.ValueKind != JsonValueKind.Object) return;
        if (CardInspection.Text(spec, "type") is { Length: > 0 }) return;
        c.ErrorAt("chart_spec", CardRules.ChartSpec, "The chart_spec has no \"type\".", "Write a VChart specification: {\"type\":\"bar\",\"data\":{…},\"xField\":…,\"yField\":…}.");
    }

    private static void Audio(CardInspection c, JsonElement element)
    {
        if (c.MayBeForwarded) c.Error(CardRules.AudioForward, "A card with a sound cannot be forwarded, and this one may be (300220).", "Write \"config\":{\"enable_forward\":false}.");
        if (CardInspection.Text(element, "audio_id") is { Length: > 0 } id && !c.AudioIds.Add(id)) c.ErrorAt("audio_id", CardRules.DuplicateAudioId, $"Two sounds have the id {CardInspection.Quote(id)} (300230).", "Give each its own.");
    }

    private static void Combination(CardInspection c, JsonElement element)
    {
        if (CardInspection.Text(element, "combination_mode") is not { } mode || !CardSchema.Instance.Limits.ImagesOfCombination.TryGetValue(mode, out var most)) return;
        if (!element.TryGetProperty("img_list", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() <= most) return;
        c.ErrorAt("img_list", CardRules.TooManyItems, $"A combination in mode \"{mode}\" takes {most} pictures; there are {list.GetArrayLength()}.", "Use a mode that takes more (trisect takes 9), or several combinations.");
    }

    private static void Persons(CardInspection c, JsonElement element)
    {
        if (element.TryGetProperty("drop_invalid_user_id", out var drop) && drop.ValueKind == JsonValueKind.True) return;
        if (!element.TryGetProperty("persons", out var persons) || persons.ValueKind != JsonValueKind.Array) return;
        var index = -1;
        foreach (var person in persons.EnumerateArray())
        {
            index++;
            if (CardInspection.Text(person, "id") is not { } id || !string.IsNullOrWhiteSpace(id)) continue;
            c.Path.Push("persons");
            c.Path.Push(index);
            c.ErrorAt("id", CardRules.MentionOfNobody, "The person has no id.", "Give an id, or set \"drop_invalid_user_id\":true.");
            c.Path.Pop();
            c.Path.Pop();
        }
    }
}
