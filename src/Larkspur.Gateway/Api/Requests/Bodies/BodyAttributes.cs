namespace Larkspur.Gateway.Api.Requests;

/// <summary>Characters that a text of a list may have.</summary>
/// <remarks>MaxLength says how many characters a text, or items a list, may have, and Range what a number may be.</remarks>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxItemLengthAttribute(int length) : Attribute
{
    public int Length { get; } = length;
}

/// <summary>A list that says something when it is empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayBeEmptyAttribute : Attribute;

/// <summary>What a required member is for: said when it is missing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MissingHintAttribute(string hint) : Attribute
{
    public string Hint { get; } = hint;
}

/// <summary>A member's own refusal, for a value out of its bounds.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RefusalAttribute(string word, string sentence) : Attribute
{
    public string Word { get; } = word;

    public string Sentence { get; } = sentence;

    /// <summary>Also for a value of another type, and for none where one is required.</summary>
    public bool OfType { get; set; }

    public int Status { get; set; } = StatusCodes.Status422UnprocessableEntity;
}

/// <summary>Free JSON that is described as a text, which is what most callers send.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DescribedAsTextAttribute : Attribute;
