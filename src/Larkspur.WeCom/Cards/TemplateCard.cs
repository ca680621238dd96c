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

    internal void Judge(ContentProblems problems, CardPlace place, bool isUpdate = false)
    {
        if (place == CardPlace.GroupRobot && this is not (NoticeCard or NewsCard)) problems.Add("card", "can only be a notice for a group robot");
        if (place == CardPlace.GroupRobot && ActionMenu is not null) problems.Add("action_menu", "is not taken by a group robot");
        if (IsInteractive && !isUpdate) problems.Required("task_id", TaskId);
        if (TaskId is { Length: > 0 } && !TaskIdShape().IsMatch(TaskId)) problems.Add("task_id", "may have letters, digits and _-@ only, at most 128");
        if (ActionMenu is { } menu)
        {
            problems.Count("action_menu.action_list", menu.ActionList, 1, 3);
            foreach (CardMenuEntry entry in menu.ActionList)
            {
                problems.Required("action_menu.action_list.text", entry.Text);
                problems.Text("action_menu.action_list.key", entry.Key, 1024);
            }

            problems.Unique("action_menu.action_list", menu.ActionList.Select(e => e.Key));
        }

        CardAction?.Judge(problems, "card_action", optional: this is not (NoticeCard or NewsCard));
        JudgeParts(problems, place);
    }

    private protected abstract void JudgeParts(ContentProblems problems, CardPlace place);

    private protected void RequireAction(ContentProblems problems)
    {
        if (CardAction is null) problems.Add("card_action", "is missing: a notice opens something when it is tapped");
    }

    private protected static void JudgeRows(ContentProblems problems, CardPlace place, IReadOnlyList<CardRow> rows)
    {
        problems.Count("horizontal_content_list", rows, 0, 6);
        foreach (CardRow row in rows)
        {
            problems.Required("horizontal_content_list.keyname", row.Keyname);
            switch (row.Type)
            {
                case null or 0: break;
                case 1: problems.Url("horizontal_content_list.url", row.Url); break;
                case 2 when place != CardPlace.AiBot: problems.Required("horizontal_content_list.media_id", row.MediaId); break;
                case 3: problems.Required("horizontal_content_list.userid", row.UserId); break;
                default: problems.Add("horizontal_content_list.type", $"is {row.Type}, which is not taken here"); break;
            }
        }
    }

    private protected static void JudgeJumps(ContentProblems problems, CardPlace place, IReadOnlyList<CardJump> jumps)
    {
        problems.Count("jump_list", jumps, 0, 3);
        foreach (CardJump jump in jumps)
        {
            problems.Required("jump_list.title", jump.Title);
            switch (jump.Type)
            {
                case null or 0: break;
                case 1: problems.Url("jump_list.url", jump.Url); break;
                case 2: problems.Required("jump_list.appid", jump.AppId); break;
                case 3 when place == CardPlace.AiBot: problems.Required("jump_list.question", jump.Question); break;
                default: problems.Add("jump_list.type", $"is {jump.Type}, which is not taken here"); break;
            }
        }
    }

    private protected static void JudgeQuote(ContentProblems problems, CardQuote? quote)
    {
        if (quote is null) return;
        if (quote.Type == 1) problems.Url("quote_area.url", quote.Url);
        else if (quote.Type == 2) problems.Required("quote_area.appid", quote.AppId);
        else if (quote.Type is not (null or 0)) problems.Add("quote_area.type", $"is {quote.Type}, and 0 to 2 are taken");
    }

    private protected static void JudgeOptions(ContentProblems problems, string where, IReadOnlyList<CardOption> options, int most)
    {
        problems.Count(where, options, 1, most);
        foreach (CardOption option in options)
        {
            problems.Text($"{where}.id", option.Id, 128);
            problems.Required($"{where}.text", option.Text);
        }

        problems.Unique(where, options.Select(o => o.Id));
    }

    private protected static void JudgeSelection(ContentProblems problems, string where, CardSelect select)
    {
        problems.Text($"{where}.question_key", select.QuestionKey, 128);
        JudgeOptions(problems, $"{where}.option_list", select.OptionList, 10);
        if (select.SelectedId is { } chosen && select.OptionList.All(o => o.Id != chosen)) problems.Add($"{where}.selected_id", "is none of the options");
    }

    private protected static void JudgeSubmit(ContentProblems problems, CardSubmit submit)
    {
        problems.Required("submit_button.text", submit.Text);
        problems.Text("submit_button.key", submit.Key, 1024);
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

    private protected override void JudgeParts(ContentProblems problems, CardPlace place)
    {
        if (string.IsNullOrWhiteSpace(MainTitle?.Title) && string.IsNullOrWhiteSpace(SubTitleText)) problems.Add("main_title.title", "or sub_title_text is missing");
        RequireAction(problems);
        JudgeQuote(problems, QuoteArea);
        JudgeRows(problems, place, HorizontalContentList);
        JudgeJumps(problems, place, JumpList);
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

    private protected override void JudgeParts(ContentProblems problems, CardPlace place)
    {
        problems.Required("main_title.title", MainTitle?.Title);
        RequireAction(problems);
        if (CardImage is null && ImageTextArea is null) problems.Add("card_image", "or image_text_area is missing");
        if (CardImage is { } image)
        {
            problems.Url("card_image.url", image.Url);
            if (image.AspectRatio is <= 1.3 or >= 2.25 && image.AspectRatio != 1.3) problems.Add("card_image.aspect_ratio", "must be from 1.3 to under 2.25");
        }

        if (ImageTextArea is { } area) problems.Url("image_text_area.image_url", area.ImageUrl);
        JudgeQuote(problems, QuoteArea);
        problems.Count("vertical_content_list", VerticalContentList, 0, 4);
        foreach (CardTitle paragraph in VerticalContentList) problems.Required("vertical_content_list.title", paragraph.Title);
        JudgeRows(problems, place, HorizontalContentList);
        JudgeJumps(problems, place, JumpList);
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

    private protected override void JudgeParts(ContentProblems problems, CardPlace place)
    {
        problems.Required("main_title.title", MainTitle?.Title);
        JudgeQuote(problems, QuoteArea);
        JudgeRows(problems, place, HorizontalContentList);
        if (ButtonSelection is { } select) JudgeSelection(problems, "button_selection", select);
        problems.Count("button_list", ButtonList, 1, 6);
        foreach (CardButton button in ButtonList)
        {
            problems.Required("button_list.text", button.Text);
            if (button.Style is < 1 or > 4) problems.Add("button_list.style", "must be 1 to 4");
            if (button.Type == 1 && place == CardPlace.App) problems.Url("button_list.url", button.Url);
            else if (button.Type is not (null or 0)) problems.Add("button_list.type", $"is {button.Type}, which is not taken here");
            else problems.Text("button_list.key", button.Key, 1024);
        }

        problems.Unique("button_list", ButtonList.Where(b => b.Key is not null).Select(b => b.Key!));
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

    private protected override void JudgeParts(ContentProblems problems, CardPlace place)
    {
        problems.Required("main_title.title", MainTitle?.Title);
        problems.Text("checkbox.question_key", Checkbox.QuestionKey, 128);
        JudgeOptions(problems, "checkbox.option_list", Checkbox.OptionList, 20);
        if (Checkbox.Mode is not (null or 0 or 1)) problems.Add("checkbox.mode", "must be 0 (one) or 1 (several)");
        JudgeSubmit(problems, SubmitButton);
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

    private protected override void JudgeParts(ContentProblems problems, CardPlace place)
    {
        problems.Required("main_title.title", MainTitle?.Title);
        problems.Count("select_list", SelectList, 1, 3);
        foreach (CardSelect select in SelectList) JudgeSelection(problems, "select_list", select);
        problems.Unique("select_list", SelectList.Select(s => s.QuestionKey));
        JudgeSubmit(problems, SubmitButton);
    }
}
