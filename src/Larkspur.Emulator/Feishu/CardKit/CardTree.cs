using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;

namespace Larkspur.Emulator.Feishu.CardKit;

/// <summary>Finds and changes the elements of a card by their <c>element_id</c>.</summary>
internal static class CardTree
{
    /// <summary>Why a change cannot be made, in the words that the platform puts behind <c>ErrMsg</c>.</summary>
    public sealed class UnchangedException(string why) : Exception(why);

    public static JsonObject? Find(JsonNode? node, string elementId)
    {
        switch (node)
        {
            case JsonObject o:
                if (CardPart.Text(o, "element_id") == elementId) return o;
                foreach (var (_, inner) in o)
                {
                    if (Find(inner, elementId) is { } found) return found;
                }

                return null;
            case JsonArray list:
                foreach (var inner in list)
                {
                    if (Find(inner, elementId) is { } found) return found;
                }

                return null;
            default:
                return null;
        }
    }

    /// <exception cref="UnchangedException">The text that the platform was seen to answer (error 300313).</exception>
    public static JsonObject Need(JsonObject card, string elementId) =>
        Find(card["body"], elementId) ?? throw new UnchangedException($"not find elementID : {elementId}");

    /// <param name="how"><c>insert_before</c>, <c>insert_after</c> or <c>append</c>.</param>
    /// <param name="target">The neighbour, or the container to append to; without one, the end of the card's body.</param>
    public static void Insert(JsonObject card, string how, string? target, JsonArray elements)
    {
        if (elements.Count == 0 || elements.Any(static e => e is not JsonObject)) throw new UnchangedException("elements must be a list of components");
        var (list, at) = Place(card, how, string.IsNullOrEmpty(target) ? null : target);
        foreach (var element in elements) list.Insert(at++, element!.DeepClone());
    }

    public static void Delete(JsonObject card, string elementId)
    {
        var element = Need(card, elementId);
        if (element.Parent is JsonArray list) list.RemoveAt(element.GetElementIndex());
        else (element.Parent as JsonObject)?.Remove(element.GetPropertyName());
    }

    /// <summary>The new element takes the old one's place, and its id when it brings none (UNVERIFIED).</summary>
    public static void Replace(JsonObject card, string elementId, JsonObject element)
    {
        var old = Need(card, elementId);
        var fresh = (JsonObject)element.DeepClone();
        fresh["element_id"] ??= elementId;
        if (old.Parent is JsonArray list) list[old.GetElementIndex()] = fresh;
        else old.ReplaceWith(fresh);
    }

    /// <summary>Properties given replace the element's own ones; <c>null</c> takes one away.</summary>
    public static void Patch(JsonObject element, JsonObject properties)
    {
        foreach (var (name, value) in properties)
        {
            if (value is null) element.Remove(name);
            else element[name] = value.DeepClone();
        }
    }

    private static (JsonArray List, int At) Place(JsonObject card, string how, string? target)
    {
        if (how == "append")
        {
            var holder = target is null ? card["body"] as JsonObject ?? AddBody(card) : Need(card, target);
            if (holder["elements"] is not JsonArray inner)
            {
                if (target is not null) throw new UnchangedException($"element {target} is not a container");
                holder["elements"] = inner = [];
            }

            return (inner, inner.Count);
        }

        if (target is null) throw new UnchangedException("target_element_id is required");
        var element = Need(card, target);
        if (element.Parent is not JsonArray list) throw new UnchangedException($"nothing can stand beside element {target}");
        return (list, element.GetElementIndex() + (how == "insert_after" ? 1 : 0));
    }

    private static JsonObject AddBody(JsonObject card)
    {
        var body = new JsonObject();
        card["body"] = body;
        return body;
    }
}
