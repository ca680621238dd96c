namespace Larkspur.Feishu.Cards;

/// <summary>What the cells of a column hold.</summary>
public enum ColumnDataType
{
    /// <summary>Plain text.</summary>
    Text,

    /// <summary>Markdown, reduced.</summary>
    LarkMd,

    /// <summary>Coloured tags.</summary>
    Options,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>People.</summary>
    Persons,

    /// <summary>A time in milliseconds.</summary>
    Date,

    /// <summary>Markdown.</summary>
    Markdown,
}
