namespace Larkspur.Feishu.Cards;

/// <summary>Takes elements one after the other; what a card, a column, a panel and a form have in common.</summary>
/// <typeparam name="TSelf">The builder itself, so that calls chain.</typeparam>
public abstract class ElementsBuilder<TSelf>
    where TSelf : ElementsBuilder<TSelf>
{
    private readonly List<CardElement> _elements = [];

    private protected ElementsBuilder()
    {
    }

    private TSelf Self => (TSelf)this;

    internal IReadOnlyList<CardElement> Elements => _elements;

    /// <summary>Any element.</summary>
    public TSelf Add(CardElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        _elements.Add(element);
        return Self;
    }

    /// <summary>Several elements.</summary>
    public TSelf AddRange(IEnumerable<CardElement> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        foreach (var element in elements) Add(element);
        return Self;
    }

    /// <summary>Text in markdown. Texts of people go through <see cref="CardMarkdown.Escape"/> first.</summary>
    public TSelf Markdown(I18nText content, string? elementId = null) => Add(new MarkdownText(content) { ElementId = elementId });

    /// <summary>Text as it is.</summary>
    public TSelf PlainText(I18nText content) => Add(new Div(content));

    /// <summary>A small grey line, as notes are.</summary>
    public TSelf Note(I18nText content) => Add(new Div(content) { Size = TextSize.Notation, Color = CardColor.Grey });

    /// <summary>A line across.</summary>
    public TSelf Divider() => Add(new Divider());

    /// <summary>An uploaded picture.</summary>
    public TSelf Image(string imageKey, I18nText alt) => Add(new Image(imageKey, alt));

    /// <summary>A button that opens an address.</summary>
    public TSelf LinkButton(I18nText label, string url, ButtonType? type = null) => Add(new Button(label) { Type = type, Behaviors = [Behavior.OpenUrl(url)] });

    /// <summary>A button that calls the app back.</summary>
    /// <param name="label">What it says.</param>
    /// <param name="value">Comes back as <c>action.value</c>: a string, or what becomes a JSON object.</param>
    /// <param name="type">Its look.</param>
    /// <param name="confirm">Asked before.</param>
    public TSelf CallbackButton(I18nText label, object value, ButtonType? type = null, Confirm? confirm = null) =>
        Add(new Button(label) { Type = type, Confirm = confirm, Behaviors = [Behavior.Callback(value)] });

    /// <summary>Elements beside each other, each in a column of its own as wide as it needs: a row of buttons.</summary>
    public TSelf Row(params IReadOnlyList<CardElement> elements) =>
        Add(new ColumnSet([.. elements.Select(element => new Column([element]) { Width = CardLength.Auto })]) { FlexMode = FlexMode.Flow, HorizontalSpacing = Spacing.Medium });

    /// <summary>Facts, two in a row: a bold name and a value, both as plain text.</summary>
    public TSelf Facts(params IReadOnlyList<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Count == 0) return Self;
        return Add(new ColumnSet([.. facts.Select(fact => new Column([new MarkdownText($"**{CardMarkdown.Escape(fact.Name)}**\n{CardMarkdown.Escape(fact.Value)}")]) { Width = CardLength.Weighted, Weight = 1 })]) { FlexMode = FlexMode.Bisect });
    }

    /// <summary>Columns beside each other.</summary>
    public TSelf Columns(Action<ColumnsBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var columns = new ColumnsBuilder();
        build(columns);
        return Add(new ColumnSet(columns.Columns) { FlexMode = columns.Mode });
    }

    /// <summary>A panel that opens and closes.</summary>
    public TSelf Panel(PanelHeader header, Action<ContentBuilder> build, bool expanded = false) =>
        Add(new CollapsiblePanel(header, ContentBuilder.Build(build)) { Expanded = expanded });

    /// <summary>A block that can be clicked as a whole.</summary>
    public TSelf Clickable(Behavior behavior, Action<ContentBuilder> build) => Add(new InteractiveContainer([behavior], ContentBuilder.Build(build)));
}

/// <summary>The inside of a column, a panel or a form.</summary>
public sealed class ContentBuilder : ElementsBuilder<ContentBuilder>
{
    /// <summary>A button that sends the form.</summary>
    public ContentBuilder Submit(I18nText label, string name = "submit", ButtonType type = ButtonType.PrimaryFilled, object? value = null) => Add(new Button(label)
    {
        Name = name, FormAction = FormAction.Submit, Type = type, Behaviors = value is null ? null : [Behavior.Callback(value)],
    });

    /// <summary>A button that empties the form.</summary>
    public ContentBuilder Reset(I18nText label, string name = "reset") => Add(new Button(label) { Name = name, FormAction = FormAction.Reset });

    internal static IReadOnlyList<CardElement> Build(Action<ContentBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var content = new ContentBuilder();
        build(content);
        return content.Elements;
    }
}

/// <summary>Columns, from left to right.</summary>
public sealed class ColumnsBuilder
{
    private readonly List<Column> _columns = [];

    internal IReadOnlyList<Column> Columns => _columns;

    internal FlexMode? Mode { get; private set; }

    /// <summary>What they do on a narrow screen.</summary>
    public ColumnsBuilder Flex(FlexMode mode)
    {
        Mode = mode;
        return this;
    }

    /// <summary>A column as wide as its content.</summary>
    public ColumnsBuilder Column(Action<ContentBuilder> build) => Column(new Column(ContentBuilder.Build(build)) { Width = CardLength.Auto });

    /// <summary>A column that takes a share of the room, 1 to 5.</summary>
    public ColumnsBuilder Column(int weight, Action<ContentBuilder> build) => Column(new Column(ContentBuilder.Build(build)) { Width = CardLength.Weighted, Weight = weight });

    /// <summary>A column that is there already.</summary>
    public ColumnsBuilder Column(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        _columns.Add(column);
        return this;
    }
}
