namespace Larkspur.Feishu;

/// <summary>
/// A documented set of string values that the platform extends without notice: known values are static members, unknown ones survive a
/// round trip. Generated types implement it as <c>readonly record struct</c>; <c>default</c> has a null <see cref="Value"/>.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
public interface IWireEnum<TSelf> where TSelf : struct, IWireEnum<TSelf>
{
    /// <summary>The text on the wire.</summary>
    string Value { get; }

    /// <summary>Wraps a wire value, known or not.</summary>
    static abstract TSelf From(string value);
}
