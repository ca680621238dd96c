using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Cards;

/// <summary>The lists of a card that only show.</summary>
internal static class CardLists
{
    public static void Horizontal(JsonObject card, CardPlace place)
    {
        if (WeComJson.Objects(card, "horizontal_content_list") is not { } list) return;
        if (list.Count > CardRules.MostHorizontal) throw new WeComRefusal(42035, "invalid horizontal_content_list length");
        foreach (var item in list)
        {
            if (WeComJson.Text(item, "keyname") is not { Length: > 0 }) throw new WeComRefusal(42027, "horizontal_content_list.keyname missing");
            switch (WeComJson.Number(item, "type") ?? 0)
            {
                case 1 when WeComJson.Text(item, "url") is not { Length: > 0 }:
                    throw new WeComRefusal(42028, "horizontal_content_list.url missing");
                case 2 when place == CardPlace.AiBot:
                    throw WeComRefusal.Parameter("horizontal_content_list.type 2 is not for an AI bot");
                case 2 when WeComJson.Text(item, "media_id") is not { Length: > 0 }:
                    throw new WeComRefusal(42029, "horizontal_content_list.media_id missing");
                case 3 when WeComJson.Text(item, "userid") is not { Length: > 0 }:
                    throw new WeComRefusal(42050, "horizontal_content_list.userid missing");
            }
        }
    }

    public static void Vertical(JsonObject card)
    {
        if (WeComJson.Objects(card, "vertical_content_list") is not { } list) return;
        if (list.Count > CardRules.MostVertical) throw new WeComRefusal(42036, "invalid vertical_content_list length");
        if (list.Any(i => WeComJson.Text(i, "title") is not { Length: > 0 })) throw new WeComRefusal(42033, "vertical_content_list.title missing");
    }

    public static void Jumps(JsonObject card, CardPlace place)
    {
        if (WeComJson.Objects(card, "jump_list") is not { } list) return;
        if (list.Count > CardRules.MostJumps) throw new WeComRefusal(42042, "invalid jump_list length");
        foreach (var item in list)
        {
            if (WeComJson.Text(item, "title") is not { Length: > 0 }) throw new WeComRefusal(42033, "jump_list.title missing");
            CardValidator.Link(item, "jump_list");
            if (WeComJson.Number(item, "type") != 3) continue;
            if (place != CardPlace.AiBot || WeComJson.Text(item, "question") is not { Length: > 0 } question || WeComJson.Bytes(question) > 200) throw WeComRefusal.Parameter("jump_list.question");
        }
    }
}
