using System.Globalization;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Buttons, their menu and the form.</summary>
internal sealed class FeishuCardActions(CardMessage message, CardFace face, FeishuCardShape shape, List<LocalText> notes)
{
    /// <summary>Beside each other on a phone without becoming a wall.</summary>
    private const int MostButtons = 5;

    private readonly CardMessageAction[] _actions = [.. message.Actions.Where(a => a.Url is not null || !face.IsResolved)];

    public bool Any => _actions.Length > 0 || HasForm;

    private bool HasForm => message.Inputs.Count > 0 && !face.IsResolved;

    public void Draw(CardBuilder card)
    {
        if (HasForm) card.Form("form", DrawForm);
        if (_actions.Length == 0) return;
        var elements = new List<CardElement>();
        var menu = new List<CardMessageAction>();
        var room = _actions.Length <= MostButtons ? MostButtons : MostButtons - 1 - _actions.Count(a => a.Confirm is not null);
        foreach (var action in _actions)
        {
            // A menu asks nothing before it acts, so what must be asked stays a button.
            if (action.Confirm is not null || room > 0) elements.Add(ButtonOf(action));
            else menu.Add(action);
            if (action.Confirm is null || _actions.Length <= MostButtons) room--;
        }

        if (menu.Count > 0)
        {
            notes.Add(CardTexts.InMenu(menu.Count, _actions.Length));
            elements.Add(MenuOf(menu));
        }

        card.Row(elements);
    }

    private Button ButtonOf(CardMessageAction action) => new(I18n(action.Label))
    {
        Type = action.Style switch { CardActionStyle.Primary => ButtonType.Primary, CardActionStyle.Danger => ButtonType.Danger, _ => ButtonType.Default },
        Confirm = ConfirmOf(action),
        Behaviors = [action.Url is { } url ? Behavior.OpenUrl(url) : Behavior.Callback(ValueOf(action.Id))],
    };

    /// <summary>An option's own value is the action; the menu's says which card.</summary>
    private Overflow MenuOf(IEnumerable<CardMessageAction> actions) => new([.. actions.Select(a => new OverflowOption(I18n(a.Label))
    {
        Value = a.Id, Link = a.Url is { } url ? new CardLink(url) : null,
    })])
    {
        Behaviors = [Behavior.Callback(ValueOf(null))],
    };

    private void DrawForm(ContentBuilder form)
    {
        foreach (var input in message.Inputs) DrawInput(form, input);
        var submit = message.Submit!;
        form.Add(new Button(I18n(submit.Label))
        {
            Name = submit.Id, FormAction = FormAction.Submit, Confirm = ConfirmOf(submit), Behaviors = [Behavior.Callback(ValueOf(submit.Id))],
            Type = submit.Style switch { CardActionStyle.Primary => ButtonType.PrimaryFilled, CardActionStyle.Danger => ButtonType.DangerFilled, _ => ButtonType.Default },
        });
    }

    private void DrawInput(ContentBuilder form, CardInput input)
    {
        var placeholder = input.Placeholder is { } given ? I18n(given) : null;
        switch (input.Kind)
        {
            case CardInputKind.Select:
                form.PlainText(I18n(input.Label));
                if (input.Options.Count > shape.Options) notes.Add(CardTexts.OptionsShown(input.Id, shape.Options, input.Options.Count));
                var options = input.Options.Take(shape.Options).Select(o => new Choice(o.Value, I18n(o.Label))).ToArray();
                form.Add(new SelectStatic(options)
                {
                    Name = input.Id, Required = input.Required, Placeholder = placeholder, Width = CardLength.Fill,
                    InitialOption = options.Any(o => o.Value == input.Initial) ? input.Initial : null,
                });
                break;
            case CardInputKind.Date:
                form.PlainText(I18n(input.Label));
                form.Add(new DatePicker
                {
                    Name = input.Id, Required = input.Required, Placeholder = placeholder,
                    Initial = input.Initial is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                });
                break;
            case CardInputKind.Checkbox:
                form.Add(new Checker(Text.Plain(I18n(input.Label))) { Name = input.Id, Checked = input.Initial == "true" });
                break;
            default:
                form.Add(new Input
                {
                    Name = input.Id, Required = input.Required, Placeholder = placeholder, Label = I18n(input.Label), LabelPlace = LabelPosition.Top, Width = CardLength.Fill,
                    MaxLength = input.MaxLength, DefaultValue = input.Initial, Type = input.Multiline ? InputType.MultilineText : null, Rows = input.Multiline ? 3 : null,
                });
                break;
        }
    }

    private Dictionary<string, string> ValueOf(string? action)
    {
        var value = new Dictionary<string, string> { [CardFace.KindField] = face.Kind, [CardFace.CardField] = face.Card };
        if (action is not null) value[CardFace.ActionField] = action;
        return value;
    }

    private static Confirm? ConfirmOf(CardMessageAction action) => action.Confirm is { } question ? new Confirm(I18n(question.Title), I18n(question.Text)) : null;

    private static I18nText I18n(LocalText text) => FeishuCardDrawing.I18n(text);
}
