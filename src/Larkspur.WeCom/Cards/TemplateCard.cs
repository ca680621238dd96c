using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Larkspur.WeCom.Cards;

/// <summary>Where a card goes: the rules differ a little.</summary>
public enum CardPlace
{
    /// <summary>An application message.</summary>
    App,

    /// <summary>A group robot: notices only, without a menu.</summary>
    GroupRobot,

    /// <summary>An AI bot.</summary>
    AiBot,
}

/// <summary>A template card. Make one of its five kinds.</summary>
/// <remarks>
/// Sources: developer centre 90236 (application messages), 101032 (AI bot), 99110 (group robot). Counts, bytes and required parts are judged before sending. The numbers of characters that
/// the pages suggest only cut what is shown (title 36, description 44, … for applications; 26, 30, … elsewhere) and are not judged.
/// </remarks>
public abstract partial record TemplateCard
{
    private protected TemplateCard()
    {
    }

    /// <summary><c>card_type</c>.</summary>
    public abstract string CardType { get; }

    /// <summary>Line above the card.</summary>
    public CardSource? Source { get; init; }

    /// <summary>Menu in the corner; needs <see cref="TaskId"/> and a callback address. Not for group robots.</summary>
    public CardMenu? ActionMenu { get; init; }

    /// <summary>Title and the line below.</summary>
    public CardTitle? MainTitle { get; init; }

    /// <summary>What opens when the card is tapped; required for notices.</summary>
    public CardAction? CardAction { get; init; }

    /// <summary>
    /// The card's own id: letters, digits and <c>_-@</c>, at most 128 bytes, unique for the app or bot. Required for what can be clicked, and it comes back with the click.
    /// </summary>
    public string? TaskId { get; init; }

    /// <summary>Only in an update of buttons or answers: what their button says from now on.</summary>
    public string? ReplaceText { get; init; }

    /// <summary>The card can be clicked, so that the app needs a callback address (43012 without).</summary>
    [JsonIgnore]
    public bool IsInteractive => ActionMenu is not null || this is ButtonCard or VoteCard or MultipleChoiceCard;

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this, GetType(), WeComJson.Options)!.AsObject();

    internal void Judge(Faults faults, CardPlace place, bool isUpdate = false)
    {
        if (place == CardPlace.GroupRobot && this is not (NoticeCard or NewsCard)) faults.Add("card", "can only be a notice for a group robot");
        if (place == CardPlace.GroupRobot && ActionMenu is not null) faults.Add("action_menu", "is not taken by a group robot");
        if (IsInteractive && !isUpdate) faults.Required("task_id", TaskId);
        if (TaskId is { Length: > 0 } && !TaskIdShape().IsMatch(TaskId)) faults.Add("task_id", "may have letters, digits and _-@ only, at most 128");
        if (ActionMenu is { } menu)
        {
            faults.Count("action_menu.action_list", menu.ActionList, 1, 3);
            foreach (CardMenuEntry entry in menu.ActionList)
            {
                faults.Required("action_menu.action_list.text", entry.Text);
                faults.Text("action_menu.action_list.key", entry.Key, 1024);
            }

            faults.Unique("action_menu.action_list", menu.ActionList.Select(e => e.Key));
        }

        CardAction?.Judge(faults, "card_action", optional: this is not (NoticeCard or NewsCard));
        JudgeParts(faults, place);
    }

    private protected abstract void JudgeParts(Faults faults, CardPlace place);

    private protected void RequireAction(Faults faults)
    {
        if (CardAction is null) faults.Add("card_action", "is missing: a notice opens something when it is tapped");
    }

    private protected static void JudgeRows(Faults faults, CardPlace place, IReadOnlyList<CardRow> rows)
    {
        faults.Count("horizontal_content_list", rows, 0, 6);
        foreach (CardRow row in rows)
        {
            faults.Required("horizontal_content_list.keyname", row.Keyname);
            switch (row.Type)
            {
                case null or 0: break;
                case 1: faults.Url("horizontal_content_list.url", row.Url); break;
                case 2 when place != CardPlace.AiBot: faults.Required("horizontal_content_list.media_id", row.MediaId); break;
                case 3: faults.Required("horizontal_content_list.userid", row.UserId); break;
                default: faults.Add("horizontal_content_list.type", $"is {row.Type}, which is not taken here"); break;
            }
        }
    }

    private protected static void JudgeJumps(Faults faults, CardPlace place, IReadOnlyList<CardJump> jumps)
    {
        faults.Count("jump_list", jumps, 0, 3);
        foreach (CardJump jump in jumps)
        {
            faults.Required("jump_list.title", jump.Title);
            switch (jump.Type)
            {
                case null or 0: break;
                case 1: faults.Url("jump_list.url", jump.Url); break;
                case 2: faults.Required("jump_list.appid", jump.AppId); break;
                case 3 when place == CardPlace.AiBot: faults.Required("jump_list.question", jump.Question); break;
                default: faults.Add("jump_list.type", $"is {jump.Type}, which is not taken here"); break;
            }
        }
    }

    private protected static void JudgeQuote(Faults faults, CardQuote? quote)
    {
        if (quote is null) return;
        if (quote.Type == 1) faults.Url("quote_area.url", quote.Url);
        else if (quote.Type == 2) faults.Required("quote_area.appid", quote.AppId);
        else if (quote.Type is not (null or 0)) faults.Add("quote_area.type", $"is {quote.Type}, and 0 to 2 are taken");
    }

    private protected static void JudgeOptions(Faults faults, string where, IReadOnlyList<CardOption> options, int most)
    {
        faults.Count(where, options, 1, most);
        foreach (CardOption option in options)
        {
            faults.Text($"{where}.id", option.Id, 128);
            faults.Required($"{where}.text", option.Text);
        }

        faults.Unique(where, options.Select(o => o.Id));
    }

    private protected static void JudgeSelection(Faults faults, string where, CardSelect select)
    {
        faults.Text($"{where}.question_key", select.QuestionKey, 128);
        JudgeOptions(faults, $"{where}.option_list", select.OptionList, 10);
        if (select.SelectedId is { } chosen && select.OptionList.All(o => o.Id != chosen)) faults.Add($"{where}.selected_id", "is none of the options");
    }

    private protected static void JudgeSubmit(Faults faults, CardSubmit submit)
    {
        faults.Required("submit_button.text", submit.Text);
        faults.Text("submit_button.key", submit.Key, 1024);
    }

    [GeneratedRegex("^[0-9A-Za-z_@-]{1,128}$")]
    private static partial Regex TaskIdShape();
}

/// <summary>Text: title, large figure, quotation, rows, links (<c>text_notice</c>).</summary>
public sealed record NoticeCard : TemplateCard
{
    /// <inheritdoc/>
    public override string CardType => "text_notice";

    /// <summary>A large figure and what it is.</summary>
    public CardTitle? EmphasisContent { get; init; }

    /// <summary>A quotation.</summary>
    public CardQuote? QuoteArea { get; init; }

    /// <summary>Text below; this or a title is required.</summary>
    public string? SubTitleText { get; init; }

    /// <summary>Rows of name and value, at most 6.</summary>
    public IReadOnlyList<CardRow> HorizontalContentList { get; init; } = [];

    /// <summary>Links below, at most 3.</summary>
    public IReadOnlyList<CardJump> JumpList { get; init; } = [];

    private protected override void JudgeParts(Faults faults, CardPlace place)
    {
        if (string.IsNullOrWhiteSpace(MainTitle?.Title) && string.IsNullOrWhiteSpace(SubTitleText)) faults.Add("main_title.title", "or sub_title_text is missing");
        RequireAction(faults);
        JudgeQuote(faults, QuoteArea);
        JudgeRows(faults, place, HorizontalContentList);
        JudgeJumps(faults, place, JumpList);
    }
}

/// <summary>Picture and text (<c>news_notice</c>).</summary>
public sealed record NewsCard : TemplateCard
{
    /// <inheritdoc/>
    public override string CardType => "news_notice";

    /// <summary>The picture; this or <see cref="ImageTextArea"/> is required.</summary>
    public CardImage? CardImage { get; init; }

    /// <summary>A small picture beside text.</summary>
    public CardImageText? ImageTextArea { get; init; }

    /// <summary>A quotation.</summary>
    public CardQuote? QuoteArea { get; init; }

    /// <summary>Paragraphs with titles, at most 4.</summary>
    public IReadOnlyList<CardTitle> VerticalContentList { get; init; } = [];

    /// <summary>Rows of name and value, at most 6.</summary>
    public IReadOnlyList<CardRow> HorizontalContentList { get; init; } = [];

    /// <summary>Links below, at most 3.</summary>
    public IReadOnlyList<CardJump> JumpList { get; init; } = [];

    private protected override void JudgeParts(Faults faults, CardPlace place)
    {
        faults.Required("main_title.title", MainTitle?.Title);
        RequireAction(faults);
        if (CardImage is null && ImageTextArea is null) faults.Add("card_image", "or image_text_area is missing");
        if (CardImage is { } image)
        {
            faults.Url("card_image.url", image.Url);
            if (image.AspectRatio is <= 1.3 or >= 2.25 && image.AspectRatio != 1.3) faults.Add("card_image.aspect_ratio", "must be from 1.3 to under 2.25");
        }

        if (ImageTextArea is { } area) faults.Url("image_text_area.image_url", area.ImageUrl);
        JudgeQuote(faults, QuoteArea);
        faults.Count("vertical_content_list", VerticalContentList, 0, 4);
        foreach (CardTitle paragraph in VerticalContentList) faults.Required("vertical_content_list.title", paragraph.Title);
        JudgeRows(faults, place, HorizontalContentList);
        JudgeJumps(faults, place, JumpList);
    }
}

/// <summary>Buttons (<c>button_interaction</c>).</summary>
public sealed record ButtonCard : TemplateCard
{
    /// <inheritdoc/>
    public override string CardType => "button_interaction";

    /// <summary>A quotation.</summary>
    public CardQuote? QuoteArea { get; init; }

    /// <summary>Text below the title.</summary>
    public string? SubTitleText { get; init; }

    /// <summary>Rows of name and value, at most 6.</summary>
    public IReadOnlyList<CardRow> HorizontalContentList { get; init; } = [];

    /// <summary>A choice above the buttons.</summary>
    public CardSelect? ButtonSelection { get; init; }

    /// <summary>Buttons, 1 to 6.</summary>
    public required IReadOnlyList<CardButton> ButtonList { get; init; }

    private protected override void JudgeParts(Faults faults, CardPlace place)
    {
        faults.Required("main_title.title", MainTitle?.Title);
        JudgeQuote(faults, QuoteArea);
        JudgeRows(faults, place, HorizontalContentList);
        if (ButtonSelection is { } select) JudgeSelection(faults, "button_selection", select);
        faults.Count("button_list", ButtonList, 1, 6);
        foreach (CardButton button in ButtonList)
        {
            faults.Required("button_list.text", button.Text);
            if (button.Style is < 1 or > 4) faults.Add("button_list.style", "must be 1 to 4");
            if (button.Type == 1 && place == CardPlace.App) faults.Url("button_list.url", button.Url);
            else if (button.Type is not (null or 0)) faults.Add("button_list.type", $"is {button.Type}, which is not taken here");
            else faults.Text("button_list.key", button.Key, 1024);
        }

        faults.Unique("button_list", ButtonList.Where(b => b.Key is not null).Select(b => b.Key!));
    }
}

/// <summary>One question with many options (<c>vote_interaction</c>).</summary>
public sealed record VoteCard : TemplateCard
{
    /// <inheritdoc/>
    public override string CardType => "vote_interaction";

    /// <summary>The question.</summary>
    public required CardCheckbox Checkbox { get; init; }

    /// <summary>Sends it.</summary>
    public required CardSubmit SubmitButton { get; init; }

    private protected override void JudgeParts(Faults faults, CardPlace place)
    {
        faults.Required("main_title.title", MainTitle?.Title);
        faults.Text("checkbox.question_key", Checkbox.QuestionKey, 128);
        JudgeOptions(faults, "checkbox.option_list", Checkbox.OptionList, 20);
        if (Checkbox.Mode is not (null or 0 or 1)) faults.Add("checkbox.mode", "must be 0 (one) or 1 (several)");
        JudgeSubmit(faults, SubmitButton);
    }
}

/// <summary>Several choices (<c>multiple_interaction</c>).</summary>
public sealed record MultipleChoiceCard : TemplateCard
{
    /// <inheritdoc/>
    public override string CardType => "multiple_interaction";

    /// <summary>The questions, 1 to 3.</summary>
    public required IReadOnlyList<CardSelect> SelectList { get; init; }

    /// <summary>Sends it.</summary>
    public required CardSubmit SubmitButton { get; init; }

    private protected override void JudgeParts(Faults faults, CardPlace place)
    {
        faults.Required("main_title.title", MainTitle?.Title);
        faults.Count("select_list", SelectList, 1, 3);
        foreach (CardSelect select in SelectList) JudgeSelection(faults, "select_list", select);
        faults.Unique("select_list", SelectList.Select(s => s.QuestionKey));
        JudgeSubmit(faults, SubmitButton);
    }
}
