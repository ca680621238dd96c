namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Whether one is within a web address or a path, told by going through the text from the left. Numbers there are identifiers, and an address with stars leads nowhere.</summary>
internal struct WebAddress
{
    private const int LongestTop = 12;

    // Within what stands after an at sign: the domain of a mail address begins no web address.
    private bool _afterSign;

    /// <summary>Within an address or a path.</summary>
    public bool Inside { get; private set; }

    /// <summary>Before the first slash of an address: what stands before an at sign there is an account.</summary>
    public bool InAuthority { get; private set; }

    /// <summary>Goes past a character.</summary>
    /// <param name="window">The text.</param>
    /// <param name="at">The character.</param>
    public void Pass(ref TextWindow window, int at)
    {
        var c = window[at];
        if (Inside)
        {
            if (c is <= ' ' or > '~' or '"' or '\'' or '<' or '>' or '(' or ')' or '[' or ']' or '{' or '}' or ',' or ';' or '`' or '|' or '\\' or '^') (Inside, InAuthority) = (false, false);
            else if (c is '/' or '?' or '#' && !(c == '/' && window[at - 1] is '/' or ':')) InAuthority = false;
        }
        else if (c == '/' && !_afterSign)
        {
            InAuthority = window[at - 1] == '/' && window[at - 2] == ':' && EndsScheme(ref window, at - 2);
            Inside = InAuthority || EndsDomain(ref window, at);
        }
        else if (Folding.IsLetter(c) && window[at - 1] == '/')
        {
            // A path: a word with a slash before it and nothing before that.
            Inside = window[at - 2] is '\0' or ' ' or '\n' or '\r' or '\t' or '"' or '\'' or '`' or '(' or '=' or ':';
        }
        else if (c == '@' && window.HasWordBefore(at, "git"))
        {
            // git@host:path is a repository's.
            (Inside, InAuthority) = (true, true);
        }
        else if (c == '.' && window[at - 1] is 'w' or 'W' && window[at - 2] is 'w' or 'W' && window[at - 3] is 'w' or 'W' && !char.IsAsciiLetterOrDigit(window[at - 4]))
        {
            (Inside, InAuthority) = (true, true);
        }

        _afterSign = c == '@' || _afterSign && (char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }

    // tel://138… and the like are no addresses of pages.
    private static bool EndsScheme(ref TextWindow window, int colon) => char.IsAsciiLetterOrDigit(window[colon - 1])
        && !(window.HasWordBefore(colon, "tel") || window.HasWordBefore(colon, "sms") || window.HasWordBefore(colon, "mailto"));

    // example.com/
    private static bool EndsDomain(ref TextWindow window, int slash)
    {
        var letters = 0;
        while (letters <= LongestTop && char.IsAsciiLetterLower(window[slash - 1 - letters])) letters++;
        return letters is >= 2 and <= LongestTop && window[slash - 1 - letters] == '.' && char.IsAsciiLetterOrDigit(window[slash - 2 - letters]);
    }
}
