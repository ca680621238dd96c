using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>A card made of everything, by chance.</summary>
internal sealed class RandomCard(int seed)
{
    private readonly Random _random = new(seed);
    private int _number;

    public CardBuilder Build()
    {
        var card = new CardBuilder().Config(new CardConfig { EnableForward = false });
        if (Maybe()) card.Header(new CardHeader(Some()) { Subtitle = MaybeText(), Template = Of<HeaderTemplate>(), Icon = MaybeIcon(), Padding = MaybeBox(), Tags = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => new TextTag(Some(), Of<TagColor>()))] });
        if (Maybe()) card.Config(new CardConfig { Summary = Translated(), EnableForward = false, WidthMode = Of<CardWidthMode>(), StreamingMode = MaybeFlag(), Streaming = new StreamingSpeed(Strategy: PrintStrategy.Fast), Locales = ["zh_cn", "en_us"] });
        if (Maybe()) card.Link(new CardLink("https://example.com") { Pc = "https://example.com/pc" });
        if (Maybe()) card.Body(new CardBody { Direction = Of<Direction>(), Padding = CardBox.Of(4, 8), VerticalSpacing = Spacing.Large, HorizontalAlign = Of<HorizontalAlign>() });
        if (Maybe()) card.DeclareTextSize("tiny_note", TextSize.Notation).DeclareColor("brand_tint", "rgba(1,2,3,1)", "rgba(3,2,1,1)").Add(new Div(Some()) { Size = "tiny_note", Color = "brand_tint" });
        for (var n = _random.Next(1, 6); n > 0; n--) card.Add(Element(0));
        if (Maybe()) card.Add(Form());
        if (Maybe()) card.Add(Table());
        return card;
    }

    private CardElement Element(int depth) => _random.Next(depth < 3 ? 25 : 20) switch
    {
        0 => new MarkdownText(Translated()) { Align = Of<HorizontalAlign>(), Size = TextSize.HeadingLevel(_random.Next(5)), Icon = MaybeIcon(), ElementId = Id(), Margin = MaybeBox() },
        1 => new MarkdownText(CardMarkdown.Escape(Nasty()) + CardMarkdown.At("ou_1") + CardMarkdown.Link("x", "https://example.com/(a)") + CardMarkdown.TextTag("x", TagColor.Blue) + CardMarkdown.LocalDateTime(DateTimeOffset.UnixEpoch)),
        2 => new Div(Maybe() ? Text.Plain(Translated()) : Text.Markdown("**x**")) { Size = TextSize.Notation, Color = CardColor.Grey, Align = Of<HorizontalAlign>(), Width = CardLength.Px(100), Icon = MaybeIcon() },
        3 => new Divider(),
        4 => new Image("img_1", Some()) { Title = MaybeText(), Scale = Of<ScaleType>(), Size = Maybe() ? ImageSize.Px(20, 30) : ImageSize.Large, CornerRadius = 4, Preview = MaybeFlag() },
        5 => new ImageCombination(CombinationMode.Trisect, ["img_1", "img_2"]) { CornerRadius = 3 },
        6 => new Person("ou_1") { Size = Of<PersonSize>(), Style = Of<PersonStyle>(), ShowName = MaybeFlag() },
        7 => new PersonList(["ou_1", "ou_2"]) { Lines = 2, Size = Of<PersonSize>(), DropInvalid = MaybeFlag(), Icon = MaybeIcon() },
        8 => new Chart("""{"type":"bar","data":{"values":[{"x":1}]}}""") { AspectRatio = ChartRatio.SixteenToNine, Height = CardLength.Auto },
        9 => new Audio("file_1") { Style = Of<AudioStyle>(), Time = Of<TimeDisplay>(), TimePlace = Of<TimePosition>(), Width = CardLength.Fill, Padding = MaybeBox() },
        10 => new Input { Placeholder = "x", Type = Of<InputType>(), MaxLength = 20, Label = Translated(), Behaviors = [Behavior.Callback("x")], Confirm = MaybeConfirm() },
        11 => new Button(Translated()) { Type = Of<ButtonType>(), Size = Of<ElementSize>(), Width = CardLength.Px(120), Icon = MaybeIcon(), Behaviors = [Behavior.OpenUrl("https://example.com", pc: "lark://msgcard/unsupported_action"), Behavior.Callback(new { a = Nasty() })], Confirm = MaybeConfirm(), HoverTips = "x" },
        12 => new Overflow([new("a") { Value = "1" }, new("b") { Link = "https://example.com" }]) { Behaviors = [Behavior.Callback("x")] },
        13 => new SelectStatic([new("1", Some()) { Icon = MaybeIcon() }, new("2", Some())]) { InitialOption = "2", Type = Of<SelectType>(), Behaviors = [Behavior.CallbackJson("""{"k":[1,null]}""")], Confirm = MaybeConfirm() },
        14 => new SelectPerson { Persons = ["ou_1"], Placeholder = "x", Behaviors = [Behavior.Callback("x")] },
        15 => new DatePicker { Initial = new DateOnly(2026, 2, 28), Behaviors = [Behavior.Callback("x")] },
        16 => new TimePicker { Initial = new TimeOnly(9, 30), Behaviors = [Behavior.Callback("x")] },
        17 => new DateTimePicker { Initial = new DateTime(2026, 2, 28, 9, 30, 0), Width = CardLength.Default, Behaviors = [Behavior.Callback("x")] },
        18 => new Checker(Maybe() ? Text.Markdown("**x**") : "x") { Checked = MaybeFlag(), StrikeThrough = MaybeFlag(), CheckedOpacity = 0.5, Buttons = [new("x", Behavior.Callback("y")) { Size = Of<ElementSize>() }], ButtonsShown = Of<DisplayRule>(), Behaviors = [Behavior.Callback("x")], Padding = MaybeBox() },
        19 => CardElement.FromJson("""{"tag":"hr"}"""),
        20 or 21 => new ColumnSet([.. Some(depth).Select(e => new Column([e]) { Width = CardLength.Weighted, Weight = _random.Next(1, 6), Padding = CardBox.All(2), Link = Maybe() ? new CardLink("https://example.com") : null })]) { FlexMode = Of<FlexMode>(), Background = "grey-50", HorizontalSpacing = Spacing.Px(_random.Next(100)) },
        22 => new CollapsiblePanel(new PanelHeader(Maybe() ? Text.Markdown("**x**") : "x") { Icon = MaybeIcon(), IconPosition = Of<IconPosition>(), Padding = MaybeBox() }, Some(depth)) { Expanded = MaybeFlag(), BorderColor = CardColor.Blue, CornerRadius = 5, VerticalSpacing = Spacing.Small },
        23 => new InteractiveContainer([Behavior.OpenUrl("https://example.com")], Some(depth)) { HasBorder = true, BorderColor = CardColor.Red, CornerRadius = 8, Width = CardLength.Fill, Height = CardLength.Px(100), Confirm = MaybeConfirm() },
        _ => new ColumnSet([new Column([new SelectImage([new("img_1", "a"), new("img_2", "b") { HoverTips = "x" }]) { Layout = Of<ImageLayout>(), AspectRatio = ChartRatio.Square, Behaviors = [Behavior.Callback("x")] }])]),
    };

    private CardElement[] Some(int depth) => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Element(depth + 1))];

    private Form Form() => new("f" + _random.Next(9),
    [
        new MarkdownText(Some()),
        new Input { Name = "a", Required = true },
        new MultiSelectStatic([new("1", "x"), new("2", "y")]) { Name = "b", SelectedValues = ["1"] },
        new MultiSelectPerson { Name = "c", Persons = ["ou_1"], SelectedValues = ["ou_1"] },
        new ColumnSet([new Column([new SelectPerson { Name = "d" }, new DatePicker { Name = "e" }])]),
        new Checker("x") { Name = "g" },
        new Button("x") { Name = "s", FormAction = FormAction.Submit, Type = ButtonType.PrimaryFilled },
        new Button("x") { Name = "r", FormAction = FormAction.Reset },
    ]) { VerticalSpacing = Spacing.Medium, Padding = MaybeBox() };

    private Table Table() => new(
        [
            new("t", Title: "x") { Width = CardLength.Auto }, new("n", ColumnDataType.Number) { Precision = 2, Symbol = "¥", Separator = true, Width = CardLength.Percent(20) },
            new("o", ColumnDataType.Options), new("p", ColumnDataType.Persons), new("d", ColumnDataType.Date) { DateFormat = "YYYY/MM/DD" }, new("m", ColumnDataType.Markdown) { Width = CardLength.Px(100) },
        ],
        [
            new() { ["t"] = Nasty(), ["n"] = _random.NextDouble(), ["o"] = TableCell.Options(("x", CardColor.Green)), ["p"] = TableCell.Persons("ou_1"), ["d"] = DateTimeOffset.UnixEpoch, ["m"] = "**x**" },
            new() { ["n"] = 12.5m }, new(),
        ]) { PageSize = _random.Next(1, 11), RowHeight = 40, FreezeFirstColumn = true, Header = new TableHeaderStyle { GreyBackground = true, Bold = true, Lines = 2 } };

    private bool Maybe() => _random.Next(2) == 0;

    private bool? MaybeFlag() => _random.Next(3) switch { 0 => null, 1 => true, _ => false };

    private string Nasty() => new string[] { "**x** <at id=></at>", "[a](javascript:alert(1))", "|a|b|\n|-|-|", "\"\\ \u2028 \u0001 😀", "`x", "1. x\n- y", "<link url='javascript:x'>y</link>" }[_random.Next(7)];

    private I18nText Translated() => Maybe() ? Some() : new I18nText(Some()).In("en_us", "hello").In("ja_jp", "こんにちは");

    private string Some() => new string[] { "采购审批", "Approval", "x", "😀", "a\nb" }[_random.Next(5)];

    private Text? MaybeText() => Maybe() ? null : Maybe() ? Text.Markdown("*x*") : Some();

    private CardIcon? MaybeIcon() => _random.Next(3) switch { 0 => null, 1 => CardIcon.Standard("chat_outlined", CardColor.Blue), _ => CardIcon.Custom("img_1") };

    private Confirm? MaybeConfirm() => Maybe() ? new Confirm("x", Translated()) : null;

    private CardBox? MaybeBox() => Maybe() ? null : new CardBox(_random.Next(-99, 100), 0, 1, 99);

    private string? Id() => Maybe() ? null : $"e_{++_number}";

    private T? Of<T>() where T : struct, Enum => Maybe() ? null : Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];
}
