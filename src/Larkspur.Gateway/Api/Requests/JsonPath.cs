using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Api.Requests;

/// <summary>
/// A place in a body while it is walked through. Its pointer is written when somebody asks for it: written at each step, a long name above
/// many items would be copied for every one of them.
/// </summary>
/// <param name="Above">What it is in; null: where the walk begins.</param>
/// <param name="Name">The member's name; null: an item of a list. Where the walk begins: the pointer of that place.</param>
/// <param name="Index">The item's number.</param>
internal sealed record JsonPath(JsonPath? Above, string? Name, int Index)
{
    /// <summary>The body itself.</summary>
    public static readonly JsonPath Body = new(null, null, 0);

    /// <summary>The JSON pointer, long names cut.</summary>
    public string Pointer
    {
        get
        {
            var steps = new Stack<string>();
            var at = this;
            for (; at.Above is not null; at = at.Above)
                steps.Push(at.Name is { } name ? JsonFields.Shown(name) : at.Index.ToString(CultureInfo.InvariantCulture));
            var pointer = new StringBuilder(at.Name);
            foreach (var step in steps) pointer.Append(JsonFields.At("", step));
            return pointer.ToString();
        }
    }
}
