"""``python -m rapport``"""

from rapport import main

main()
