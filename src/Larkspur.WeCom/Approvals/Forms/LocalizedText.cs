namespace Larkspur.WeCom.Approvals;

/// <summary>A text in one language.</summary>
/// <param name="Text">The text.</param>
/// <param name="Lang"><c>zh_CN</c> (with an underscore) or <c>en</c>.</param>
public sealed record LocalizedText(string Text, string Lang = "zh_CN")
{
    /// <summary>In Chinese.</summary>
    public static implicit operator LocalizedText(string text) => new(text);
}
