# The first set-up.

setup-title = Welcome.
setup-about = Five answers, and the practice's console is yours. Everything stays on this device.
setup-code = Set-up code
setup-code-hint = It is shown in the window where Hygie was started. It serves once, for 30 minutes.
setup-code-wrong = This is not the code of this start, or it is older than 30 minutes. Start Hygie again for another one.
setup-practice = Name of the practice
setup-practice-missing = The name of the practice is missing, for example “Lime Tree Practice”.
setup-host = Name of the console on your network
setup-host-hint = Passkeys are tied to it: it does not change without making them anew. When in doubt, keep this one.
setup-host-wrong = It takes a name with a dot, without accents or spaces, for example “{ $example }”.
setup-name = Your first and last name
setup-name-missing = Your name is missing, for example “Helen Garnier”.
setup-login = Your sign-in name
setup-login-hint = Short, without spaces, for example “helen”. You will type it only without a passkey.
setup-login-wrong = It takes 2 to 40 letters or digits, without spaces, for example “helen”.
setup-go = Set up
