using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Cards;

/// <summary>The line above a card.</summary>
/// <param name="Desc">Name of the source, about 13 characters.</param>
/// <param name="IconUrl">Its picture.</param>
/// <param name="DescColor">0 grey, 1 black, 2 red, 3 green.</param>
public sealed record CardSource(string Desc, string? IconUrl = null, int? DescColor = null);

/// <summary>The menu in a card's corner.</summary>
/// <param name="Desc">What it is about.</param>
/// <param name="ActionList">1 to 3 entries.</param>
public sealed record CardMenu(string Desc, IReadOnlyList<CardMenuEntry> ActionList);

/// <summary>An entry of the menu.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Key">What the callback says, at most 1,024 bytes, unique.</param>
public sealed record CardMenuEntry(string Text, string Key);

/// <summary>A title with a line below.</summary>
public sealed record CardTitle(string? Title, string? Desc = null);

/// <summary>A quotation.</summary>
/// <param name="QuoteText">The text.</param>
/// <param name="Title">Its title.</param>
/// <param name="Type">0 nothing, 1 <paramref name="Url"/>, 2 a mini program.</param>
/// <param name="Url">For type 1.</param>
/// <param name="AppId">For type 2.</param>
/// <param name="PagePath">For type 2.</param>
public sealed record CardQuote(
    string? QuoteText, string? Title = null, int? Type = null, string? Url = null, [property: JsonPropertyName("appid")] string? AppId = null,
    [property: JsonPropertyName("pagepath")] string? PagePath = null);

/// <summary>A row of name and value.</summary>
/// <param name="Keyname">Name, about 5 characters.</param>
/// <param name="Value">Value.</param>
/// <param name="Type">0 text, 1 <paramref name="Url"/>, 2 <paramref name="MediaId"/> (not for AI bots), 3 <paramref name="UserId"/>.</param>
/// <param name="Url">For type 1.</param>
/// <param name="MediaId">For type 2.</param>
/// <param name="UserId">For type 3.</param>
public sealed record CardRow(
    string Keyname, string? Value = null, int? Type = null, string? Url = null, string? MediaId = null, [property: JsonPropertyName("userid")] string? UserId = null);

/// <summary>A link below a card.</summary>
/// <param name="Title">What it says.</param>
/// <param name="Type">0 nothing, 1 <paramref name="Url"/>, 2 a mini program, 3 <paramref name="Question"/> (AI bots).</param>
/// <param name="Url">For type 1.</param>
/// <param name="AppId">For type 2.</param>
/// <param name="PagePath">For type 2.</param>
/// <param name="Question">For type 3: asks the bot.</param>
public sealed record CardJump(
    string Title, int? Type = null, string? Url = null, [property: JsonPropertyName("appid")] string? AppId = null,
    [property: JsonPropertyName("pagepath")] string? PagePath = null, string? Question = null);

/// <summary>What opens when a card is tapped.</summary>
/// <param name="Type">1 <paramref name="Url"/>, 2 a mini program; 0 nothing, where it is optional.</param>
/// <param name="Url">For type 1.</param>
/// <param name="AppId">For type 2.</param>
/// <param name="PagePath">For type 2.</param>
public sealed record CardAction(
    int Type, string? Url = null, [property: JsonPropertyName("appid")] string? AppId = null, [property: JsonPropertyName("pagepath")] string? PagePath = null)
{
    /// <summary>Opens an address.</summary>
    public static CardAction Open(string url) => new(1, url);

    internal void Judge(ContentProblems problems, string where, bool optional)
    {
        switch (Type)
        {
            case 0 when optional: break;
            case 1: problems.Url($"{where}.url", Url); break;
            case 2: problems.Required($"{where}.appid", AppId); break;
            default: problems.Add($"{where}.type", $"is {Type}, which is not taken here"); break;
        }
    }
}

/// <summary>A card's picture.</summary>
/// <param name="Url">Its address.</param>
/// <param name="AspectRatio">Width by height, 1.3 (default) to under 2.25.</param>
public sealed record CardImage(string Url, double? AspectRatio = null);

/// <summary>A small picture beside text.</summary>
/// <param name="ImageUrl">The picture.</param>
/// <param name="Title">Title.</param>
/// <param name="Desc">Text.</param>
/// <param name="Type">0 nothing, 1 <paramref name="Url"/>, 2 a mini program.</param>
/// <param name="Url">For type 1.</param>
/// <param name="AppId">For type 2.</param>
/// <param name="PagePath">For type 2.</param>
public sealed record CardImageText(
    string ImageUrl, string? Title = null, string? Desc = null, int? Type = null, string? Url = null, [property: JsonPropertyName("appid")] string? AppId = null,
    [property: JsonPropertyName("pagepath")] string? PagePath = null);

/// <summary>A button.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Key">What the callback says, at most 1,024 bytes, unique.</param>
/// <param name="Style">1 to 4.</param>
/// <param name="Type">0 callback, 1 opens <paramref name="Url"/> (application messages).</param>
/// <param name="Url">For type 1.</param>
public sealed record CardButton(string Text, string? Key = null, int? Style = null, int? Type = null, string? Url = null);

/// <summary>An option.</summary>
/// <param name="Id">At most 128 bytes, unique within its question.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsChecked">Chosen from the start (votes).</param>
public sealed record CardOption(string Id, string Text, bool? IsChecked = null);

/// <summary>A question with one answer.</summary>
/// <param name="QuestionKey">What the callback says, at most 128 bytes.</param>
/// <param name="OptionList">1 to 10 options.</param>
/// <param name="Title">The question.</param>
/// <param name="SelectedId">Chosen from the start.</param>
/// <param name="Disable">In an update: cannot be changed any more.</param>
public sealed record CardSelect(string QuestionKey, IReadOnlyList<CardOption> OptionList, string? Title = null, string? SelectedId = null, bool? Disable = null);

/// <summary>A vote.</summary>
/// <param name="QuestionKey">What the callback says, at most 128 bytes.</param>
/// <param name="OptionList">1 to 20 options.</param>
/// <param name="Mode">0 one answer, 1 several.</param>
/// <param name="Disable">In an update: cannot be changed any more.</param>
public sealed record CardCheckbox(string QuestionKey, IReadOnlyList<CardOption> OptionList, int? Mode = null, bool? Disable = null);

/// <summary>Sends what was chosen.</summary>
/// <param name="Text">What it says, about 10 characters.</param>
/// <param name="Key">What the callback says, at most 1,024 bytes.</param>
public sealed record CardSubmit(string Text, string Key);
