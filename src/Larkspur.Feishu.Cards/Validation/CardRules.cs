namespace Larkspur.Feishu.Cards;

/// <summary>Ids of the validator's rules. They are stable: programs may compare them.</summary>
public static class CardRules
{
    /// <summary>The text is longer than the platform takes.</summary>
    public const string Size = "card.size";

    /// <summary>The text is not JSON.</summary>
    public const string Json = "card.json";

    /// <summary>The JSON is nested deeper than any card.</summary>
    public const string TooDeep = "card.too-deep";

    /// <summary>A property stands twice in one object.</summary>
    public const string DuplicateProperty = "card.duplicate-property";

    /// <summary>The JSON is not one of the four forms of a card.</summary>
    public const string Form = "card.form";

    /// <summary>The card is packed into an object that does not belong there.</summary>
    public const string Wrapped = "card.wrapped";

    /// <summary>The value of <c>schema</c> is not known.</summary>
    public const string SchemaVersion = "card.schema-version";

    /// <summary>A property that does not exist.</summary>
    public const string UnknownProperty = "card.unknown-property";

    /// <summary>A property that must be there is missing.</summary>
    public const string MissingProperty = "card.missing-property";

    /// <summary>A property that still works but is superseded.</summary>
    public const string Deprecated = "card.deprecated";

    /// <summary>A value of the wrong JSON type.</summary>
    public const string WrongType = "card.type";

    /// <summary>A value that is not in its list.</summary>
    public const string Value = "card.value";

    /// <summary>A colour that is neither in the catalogue nor declared by the card.</summary>
    public const string Color = "card.color";

    /// <summary>An icon that is not in the catalogue.</summary>
    public const string Icon = "card.icon";

    /// <summary>A number or a length that is too small, too large, or not written as one.</summary>
    public const string Range = "card.range";

    /// <summary>A text that is too long.</summary>
    public const string Length = "card.length";

    /// <summary>A list that has too many items.</summary>
    public const string TooManyItems = "card.too-many-items";

    /// <summary>A tag that does not exist.</summary>
    public const string UnknownTag = "card.unknown-tag";

    /// <summary>A component of JSON 1.0 in a card of JSON 2.0.</summary>
    public const string RemovedTag = "card.removed-tag";

    /// <summary>A component where it may not be.</summary>
    public const string MisplacedTag = "card.misplaced-tag";

    /// <summary>Containers in containers, deeper than five.</summary>
    public const string Nesting = "card.nesting";

    /// <summary>More than 200 elements and components (JSON 2.0).</summary>
    public const string TooManyElements = "card.too-many-elements";

    /// <summary>More than five tables.</summary>
    public const string TooManyTables = "card.too-many-tables";

    /// <summary>An element_id that is not one.</summary>
    public const string ElementId = "card.element-id";

    /// <summary>Two elements with one element_id.</summary>
    public const string DuplicateElementId = "card.duplicate-element-id";

    /// <summary>A card that is not shared where it has to be.</summary>
    public const string UpdateMulti = "card.update-multi";

    /// <summary>A form without a button that submits it.</summary>
    public const string FormWithoutSubmit = "card.form-without-submit";

    /// <summary>An input in a form without a name.</summary>
    public const string FormItemWithoutName = "card.form-item-without-name";

    /// <summary>Two items of a form with one name.</summary>
    public const string DuplicateName = "card.duplicate-name";

    /// <summary>A button that submits or resets, outside of any form.</summary>
    public const string SubmitOutsideForm = "card.submit-outside-form";

    /// <summary>A button without any effect.</summary>
    public const string ButtonDoesNothing = "card.button-does-nothing";

    /// <summary>A button that is told its effect in the old way and in the new one.</summary>
    public const string ButtonDoesTwoThings = "card.button-does-two-things";

    /// <summary>A behavior that the component cannot have, or two of one kind.</summary>
    public const string Behavior = "card.behavior";

    /// <summary>A callback in a card of a custom bot.</summary>
    public const string CallbackOfCustomBot = "card.callback-of-custom-bot";

    /// <summary>An address that runs script, carries a password, or leads out of the web.</summary>
    public const string UnsafeUrl = "card.unsafe-url";

    /// <summary>An address that is empty or no address.</summary>
    public const string BadUrl = "card.bad-url";

    /// <summary>An image key that is an address or a path, or that was not uploaded.</summary>
    public const string ImageNotUploaded = "card.image-not-uploaded";

    /// <summary>A mention, or a person, without an id.</summary>
    public const string MentionOfNobody = "card.mention-of-nobody";

    /// <summary>A mention in the way of text messages, which a card shows as text.</summary>
    public const string MentionSyntax = "card.mention-syntax";

    /// <summary>Two options with one value.</summary>
    public const string DuplicateOption = "card.duplicate-option";

    /// <summary>A chosen option that is not among the options.</summary>
    public const string UnknownOption = "card.unknown-option";

    /// <summary>A first date or time in another form than the picker's.</summary>
    public const string DateFormat = "card.date-format";

    /// <summary>A row of a table that is no object, or a cell that does not fit its column.</summary>
    public const string TableRows = "card.table-rows";

    /// <summary>A cell of a column that the table does not have.</summary>
    public const string TableRowName = "card.table-row-name";

    /// <summary>Two columns of a table with one name.</summary>
    public const string DuplicateColumn = "card.duplicate-column";

    /// <summary>A chart_spec that is none.</summary>
    public const string ChartSpec = "card.chart-spec";

    /// <summary>A sound in a card that may be forwarded.</summary>
    public const string AudioForward = "card.audio-forward";

    /// <summary>Two sounds with one id.</summary>
    public const string DuplicateAudioId = "card.duplicate-audio-id";

    /// <summary>A language that cards do not have.</summary>
    public const string UnknownLocale = "card.unknown-locale";

    /// <summary>A template's id that does not look like one.</summary>
    public const string TemplateId = "card.template-id";
}
